/*
 * collect.h: receives records as datagrams.
 *
 * Two sockets of one name: an abstract one, which chroots and mount namespaces
 * do not hide, and a file, which other network namespaces see.  A sender that
 * reaches neither leaves word in a key (records/key.h), and a collector that
 * runs below another one hands on to it what it gets.
 *
 * Any process of the machine can send to such a socket, so a datagram is taken
 * only if it starts with a secret that stands in the environment of what we have
 * started: root and the user that it runs as can read it there, nobody else.
 * What it holds is judged by record_json.  A queue of the kernel is short (net.unix.
 * max_dgram_qlen, 10 by default) and a sender waits at most a second: one
 * thread does nothing but empty it, a second one handles what came.
 */
#ifndef FDF_COLLECT_H
#define FDF_COLLECT_H

#include <stddef.h>
#include <sys/types.h>

/*
 * One datagram.  pid is the sender's in our own pid namespace, as the kernel
 * saw it; 0: it has none there.  Called from one thread at a time.
 */
typedef void collect_take(void *ctx, pid_t pid, const char *line, size_t len);

struct collector;

/* NULL after a message.  Children of this process inherit nothing of it. */
struct collector *collect_open(collect_take *take, void *ctx);

/* "@NAME" and the secret, for the settings LOG and LOG_KEY. */
const char *collect_log(const struct collector *c);
const char *collect_key(const struct collector *c);

/* Start the threads; after fork, since the child shall have one only.  0 or -1 after a message. */
int collect_start(struct collector *c);

/* Take what has been sent so far and end the threads.  collect_start() may follow. */
void collect_stop(struct collector *c);

/* After collect_stop(): take in this thread what comes within timeout_ms of silence. 0: nothing
 * came. */
int collect_more(struct collector *c, int timeout_ms);

/* Datagrams not taken: of ours, but cut short; of others. */
unsigned long collect_refused(const struct collector *c);
unsigned long collect_foreign(const struct collector *c);

/*
 * The last program whose record did not get here, and the errno that it got: 0
 * and *exe to be freed; -1: none said so.
 */
int collect_lost(const struct collector *c, int *error, char **exe);

void collect_close(struct collector *c);

/* The same in a process that forked another one which goes on to collect: nothing is taken away. */
void collect_leave(struct collector *c);

#endif
