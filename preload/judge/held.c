/* held.c: files with a POSIX lock that a kept descriptor carries on; see judge.h. */
#include "preload/judge/judge.h"
#include "preload/raw/fdtab.h"
#include "preload/raw/lock.h"

void fdf_judge_hold(struct fdf_judge *j, int fd)
{
	enum fdf_answer holds = fdf_holds_lock(fd);
	uint64_t file;

	if (holds == FDF_NO)
		return;
	j->doubts_held |= holds == FDF_NOT_KNOWN;
	file = fdf_tab_file(fd);
	for (int i = 0; i < j->nheld; i++)
		if (j->held[i] == file)
			return;
	if (j->nheld < FDF_HELD_MAX)
		j->held[j->nheld++] = file;
	else
		j->more_held = true;
}

/* Would closing fd drop a lock that a kept descriptor carries on? */
static enum fdf_answer is_held(const struct fdf_judge *j, int fd)
{
	enum fdf_answer holds = j->nheld && !j->rehearses ? fdf_holds_lock(fd) : FDF_NO;
	uint64_t file;

	if (holds == FDF_NO)
		return FDF_NO;
	file = fdf_tab_file(fd); /* 0 for all of them, where fstat is denied */
	for (int i = 0; i < j->nheld; i++)
		if (j->held[i] == file)
			return holds;
	return j->more_held ? FDF_NOT_KNOWN : FDF_NO;
}

void fdf_judge_leave_held(struct fdf_judge *j, int fd, struct fdf_decision *v)
{
	enum fdf_answer held = is_held(j, fd);

	if (held == FDF_NO)
		return;
	v->verdict = FDF_REPORT;
	j->inexact =
		held == FDF_YES
			? "a leak stays open: closing it would drop a POSIX lock that is kept"
		: j->more_held
			? "a leak stays open: more files are locked than are remembered, and "
			  "closing it "
			  "may drop a POSIX lock that is kept"
			: "a leak stays open: locks of others on its file hide whether closing it "
			  "would drop a POSIX lock that is kept";
}
