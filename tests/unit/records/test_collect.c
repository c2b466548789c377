/*
 * The collector: nothing that was sent is lost, each sender's datagrams stay in
 * order and carry its process id, and what is too long is counted.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "preload/core/record.h"
#include "tools/records/collect.h"

#define SENDERS 4
#define EACH	3000

static struct {
	pid_t pid;
	int next;
} seen[SENDERS];
static int total, out_of_order, wrong_pid;

static void take(void *ctx, pid_t pid, const char *line, size_t len)
{
	char text[64];
	int who, n;

	(void)ctx;
	snprintf(text, sizeof(text), "%.*s", (int)len, line);
	if (sscanf(text, "{%d %d", &who, &n) != 2 || who < 0 || who >= SENDERS)
		return;
	total++;
	out_of_order += n != seen[who].next++;
	wrong_pid += seen[who].pid && seen[who].pid != pid;
	seen[who].pid = pid;
}

static int connected(const struct collector *c)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = strlen(collect_log(c));
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	memcpy(to.sun_path + 1, collect_log(c) + 1, len - 1);
	if (connect(fd, (struct sockaddr *)&to,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)))
		_exit(1);
	return fd;
}

static void sender(const struct collector *c, int who)
{
	int fd = connected(c), i;
	char text[64];

	for (i = 0; i < EACH; i++) {
		int n = snprintf(text, sizeof(text), "%s{%d %d", collect_key(c), who, i);

		if (send(fd, text, (size_t)n, 0) != n)
			_exit(1);
	}
	_exit(0);
}

Test(collect, nothing_is_lost_and_order_is_kept)
{
	struct collector *c = collect_open(take, NULL);
	int i, status, bad = 0;

	cr_assert_not_null(c);
	for (i = 0; i < SENDERS; i++)
		if (fork() == 0)
			sender(c, i);
	cr_assert_eq(collect_start(c), 0);
	for (i = 0; i < SENDERS; i++) {
		wait(&status);
		bad += status != 0;
	}
	collect_stop(c);
	cr_assert_eq(bad, 0);
	cr_assert_eq(total, SENDERS * EACH);
	cr_assert_eq(out_of_order, 0);
	cr_assert_eq(wrong_pid, 0);
	cr_assert_neq(seen[0].pid, seen[1].pid);
	cr_assert_eq(collect_refused(c), 0);
	collect_close(c);
}

static void send_text(const struct collector *c, int fd, const char *pid, const char *record)
{
	char text[128];
	int n = snprintf(text, sizeof(text), "%s%s%s", collect_key(c), pid, record);

	cr_assert_eq(send(fd, text, (size_t)n, 0), n);
}

Test(collect, what_is_too_long_is_refused_and_what_follows_taken)
{
	static char big[100000];
	struct collector *c = collect_open(take, NULL);
	int fd = connected(c);

	memcpy(big, collect_key(c), strlen(collect_key(c)));
	cr_assert_eq(send(fd, big, sizeof(big), 0), sizeof(big));
	send_text(c, fd, "", "{0 0");
	cr_assert_eq(send(fd, "", 0, 0), 0);
	cr_assert_eq(collect_start(c), 0);
	collect_stop(c);
	cr_assert_eq(collect_refused(c), 1);
	cr_assert_eq(collect_foreign(c), 1);
	cr_assert_eq(total, 1);
	close(fd);
	collect_close(c);
}

Test(collect, a_record_of_full_length_that_another_collector_hands_on_is_taken)
{
	static char big[128 + FDF_RECORD_MAX];
	struct collector *c = collect_open(take, NULL);
	int fd = connected(c), head = snprintf(big, sizeof(big), "%s4194304", collect_key(c));

	memset(big + head, ' ', FDF_RECORD_MAX);
	memcpy(big + head, "{0 0", 4);
	cr_assert_eq(send(fd, big, (size_t)head + FDF_RECORD_MAX, 0), head + FDF_RECORD_MAX);
	cr_assert_eq(collect_start(c), 0);
	collect_stop(c);
	cr_assert_eq(collect_refused(c), 0);
	cr_assert_eq(total, 1);
	close(fd);
	collect_close(c);
}

/* Who does not have the key is not of the tree: the user that it runs as makes no difference. */
Test(collect, what_does_not_start_with_the_key_is_foreign)
{
	struct collector *c = collect_open(take, NULL);
	int fd = connected(c);
	char wrong[64];

	snprintf(wrong, sizeof(wrong), "%s{0 0", collect_key(c));
	wrong[31] ^= 1;
	cr_assert_gt(send(fd, wrong, strlen(wrong), 0), 0);
	cr_assert_gt(send(fd, "{0 0", 4, 0), 0);
	cr_assert_gt(send(fd, wrong, 31, 0), 0);
	cr_assert_eq(collect_start(c), 0);
	collect_stop(c);
	cr_assert_eq(total, 0);
	cr_assert_eq(collect_foreign(c), 3);
	cr_assert_eq(collect_refused(c), 0);
	close(fd);
	collect_close(c);
}

Test(collect, a_relayed_record_is_of_the_process_that_it_names)
{
	struct collector *c = collect_open(take, NULL);
	int fd = connected(c);

	send_text(c, fd, "4711", "{1 0");
	cr_assert_eq(collect_start(c), 0);
	collect_stop(c);
	cr_assert_eq(total, 1);
	cr_assert_eq(seen[1].pid, 4711);
	close(fd);
	collect_close(c);
}

/* As a process that enters another network namespace: the exec through one, the start through the other. */
static void changer(const struct collector *c, int who)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = connected(c), i;
	char text[64];

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", collect_log(c) + 1);
	for (i = 0; i < EACH; i++) {
		int n = snprintf(text, sizeof(text), "%s{%d %d", collect_key(c), who, i);

		if (i == EACH / 2) {
			close(fd);
			fd = socket(AF_UNIX, SOCK_DGRAM, 0);
			if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
				_exit(1);
		}
		if (send(fd, text, (size_t)n, 0) != n)
			_exit(1);
	}
	_exit(0);
}

Test(collect, the_order_stays_when_a_sender_goes_over_to_the_file)
{
	struct collector *c = collect_open(take, NULL);
	int i, status, bad = 0;

	for (i = 0; i < SENDERS; i++)
		if (fork() == 0)
			changer(c, i);
	cr_assert_eq(collect_start(c), 0);
	for (i = 0; i < SENDERS; i++) {
		wait(&status);
		bad += status != 0;
	}
	collect_stop(c);
	cr_assert_eq(bad, 0);
	cr_assert_eq(total, SENDERS * EACH);
	cr_assert_eq(out_of_order, 0);
	collect_close(c);
}

/* A sender cannot leave descriptors with us. */
Test(collect, descriptors_that_are_sent_along_are_not_received)
{
	struct collector *c = collect_open(take, NULL);
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	char text[64];
	struct iovec iov = { text, (size_t)snprintf(text, sizeof(text), "%s{0 0", collect_key(c)) };
	struct msghdr h = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control.buf,
			    .msg_controllen = sizeof(control.buf) };
	struct cmsghdr *cm = CMSG_FIRSTHDR(&h);
	int fd = connected(c), lowest, after;

	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_type = SCM_RIGHTS;
	cm->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cm), &fd, sizeof(fd));
	lowest = dup(0);
	close(lowest);
	cr_assert_eq(sendmsg(fd, &h, 0), (ssize_t)iov.iov_len);
	cr_assert_eq(collect_start(c), 0);
	collect_stop(c);
	after = dup(0);
	cr_assert_eq(total, 1);
	cr_assert_eq(after, lowest);
	close(fd);
	collect_close(c);
}
