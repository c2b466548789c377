/*
 * Policy: the conditions of conventions, and what a generic one never excuses.
 */
#include <fcntl.h>
#include <limits.h>

#include "tests/unit/core/policy_facts.h"

TestSuite(conventions, .init = init);

Test(conventions, a_convention_covers_its_numbers_and_no_others)
{
	meant(FDF_PRECISE, 0, "LISTEN_FDS");
	for (d.fd = 3; d.fd < 10; d.fd++)
		cr_assert_eq(decide().verdict, d.fd >= 5 && d.fd <= 7 ? FDF_KEEP : FDF_SEAL);
}

Test(conventions, a_convention_without_an_end_covers_all_above)
{
	meant(FDF_IMAGE, 0, "x");
	in.meant[0].last = INT_MAX;
	d.fd = INT_MAX;
	decides(FDF_KEEP, FDF_BY_IMAGE, "x");
}

Test(conventions, a_convention_for_pipes_takes_pipes_and_fifos)
{
	meant(FDF_PRECISE, FDF_IF_PIPE, "MAKEFLAGS");
	decides(FDF_KEEP, FDF_BY_PRECISE, "MAKEFLAGS");
	d.type = FDF_FIFO;
	decides(FDF_KEEP, FDF_BY_PRECISE, "MAKEFLAGS");
	d.type = FDF_FILE;
	refuses("MAKEFLAGS", "the convention is for a pipe");
}

Test(conventions, a_convention_for_sockets_takes_listeners_too)
{
	meant(FDF_PRECISE, FDF_IF_SOCKET, "NODE_CHANNEL_FD");
	d.type = FDF_SOCKET;
	decides(FDF_KEEP, FDF_BY_PRECISE, "NODE_CHANNEL_FD");
	d.type = FDF_LISTENER;
	decides(FDF_KEEP, FDF_BY_PRECISE, "NODE_CHANNEL_FD");
	d.type = FDF_PIPE;
	refuses("NODE_CHANNEL_FD", "the convention is for a socket");
}

Test(conventions, a_precise_convention_excuses_a_connected_socket)
{
	meant(FDF_PRECISE, 0, "NODE_CHANNEL_FD");
	d.type = FDF_SOCKET;
	sock.connected = true;
	decides(FDF_KEEP, FDF_BY_PRECISE, "NODE_CHANNEL_FD");
}

#define NO_STREAM "a generic convention excuses pipes, fifos and files alone"
#define NOT_READ  "a generic convention excuses no file but one open for reading"

/* A word of a user's: a directory (CVE-2024-21626), a raw socket, a bound one, a key in a memfd. */
Test(conventions, a_generic_one_excuses_pipes_fifos_and_files_alone)
{
	meant(FDF_GENERIC, 0, "/dev/fd/");
	d.status = O_RDONLY;
	d.mode = 0666;
	for (int type = FDF_FILE; type < FDF_TYPES; type++) {
		d.type = (uint8_t)type;
		if (type == FDF_FILE || type == FDF_PIPE || type == FDF_FIFO)
			decides(FDF_KEEP, FDF_BY_GENERIC, "/dev/fd/");
		else
			refuses("/dev/fd/", NO_STREAM);
	}
}

Test(conventions, a_generic_one_excuses_no_file_but_one_open_for_reading)
{
	static const uint32_t ways[] = { O_WRONLY, O_RDWR | O_APPEND, O_PATH };

	meant(FDF_GENERIC, 0, "--status-fd");
	d.type = FDF_FILE;
	d.mode = 0644;
	for (int i = 0; i < 3; i++) {
		d.status = ways[i];
		refuses("--status-fd", NOT_READ);
	}
	d.status = O_RDONLY | O_NONBLOCK;
	decides(FDF_KEEP, FDF_BY_GENERIC, "--status-fd");
}

Test(conventions, a_generic_one_excuses_no_file_that_others_may_not_read)
{
	meant(FDF_GENERIC, 0, "/dev/fd/");
	d.type = FDF_FILE;
	d.status = O_RDONLY;
	d.mode = 0640;
	refuses("/dev/fd/", "a generic convention excuses only files that anyone can open");
	d.mode = 0100644;
	d.have &= (uint8_t)~FDF_HAVE_PUBLIC; /* in a directory that is private */
	refuses("/dev/fd/", "a generic convention excuses only files that anyone can open");
	d.mode = 0644;
	d.have |= FDF_HAVE_PUBLIC;
	decides(FDF_KEEP, FDF_BY_GENERIC, "/dev/fd/");
}

Test(conventions, harmless_can_be_asked_of_a_precise_one)
{
	meant(FDF_PRECISE, FDF_IF_HARMLESS, "OPTION");
	d.type = FDF_LISTENER;
	refuses("OPTION", NO_STREAM);
}

Test(conventions, conditions_add_up)
{
	meant(FDF_PRECISE, FDF_IF_PIPE | FDF_IF_HARMLESS, "OPTION");
	d.type = FDF_FILE;
	refuses("OPTION", "the convention is for a pipe");
	d.type = FDF_PIPE;
	decides(FDF_KEEP, FDF_BY_PRECISE, "OPTION");
	d.type = FDF_SOCKET;
	cr_assert_eq(decide().verdict, FDF_SEAL);
}

Test(conventions, what_is_not_known_is_not_excused)
{
	meant(FDF_GENERIC, 0, "--fd");
	d.have = 0;
	refuses("--fd", "too little is known of it");
	d.have = 15;
	d.type = FDF_UNKNOWN;
	refuses("--fd", "too little is known of it");
	d.type = FDF_FILE;
	d.have = FDF_HAVE_TYPE;
	refuses("--fd", "too little is known of it");
}

Test(conventions, a_precise_one_without_conditions_needs_no_look)
{
	meant(FDF_PRECISE, 0, "LISTEN_FDS");
	d.have = 0;
	decides(FDF_KEEP, FDF_BY_PRECISE, "LISTEN_FDS");
}

Test(conventions, a_later_convention_may_hold_where_an_earlier_does_not)
{
	meant(FDF_GENERIC, FDF_IF_SOCKET, "--a");
	meant(FDF_GENERIC, 0, "--b");
	decides(FDF_KEEP, FDF_BY_GENERIC, "--b");
	cr_assert_eq(decide().why.len, 0);
}

Test(conventions, the_first_that_asked_in_vain_is_told)
{
	meant(FDF_GENERIC, 0, "--generic");
	meant(FDF_PRECISE, FDF_IF_PIPE, "PRECISE");
	d.type = FDF_LISTENER;
	refuses("PRECISE", "the convention is for a pipe");
}

Test(conventions, asking_in_vain_changes_no_mode)
{
	p.verdict = FDF_DENY;
	meant(FDF_GENERIC, 0, "--fd");
	d.type = FDF_LISTENER;
	refuses("--fd", NO_STREAM);
}
