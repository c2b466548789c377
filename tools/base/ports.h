/*
 * ports.h: the ports that the kernel chooses where nobody asks for one.
 */
#ifndef FDF_PORTS_H
#define FDF_PORTS_H

struct port_range {
	unsigned low, high; /* both are in it */
};

/* ip(7), net.ipv4.ip_local_port_range; its default where /proc is not there.  Read once. */
struct port_range ports_chosen(void);

#endif
