/* script.c: see script.h. */
#include <dlfcn.h>
#include <string.h>
#include <sys/stat.h>

#include "preload/origins/interpreters.h"
#include "preload/origins/script.h"
#include "preload/origins/stack.h"

#define AUDITED	 12 /* frames that are kept of an event's stack */
#define CALLERS	 2  /* at least so many have to be the same above the function that opens */
#define AUDITING 3  /* at most so many lie below it while the event is told */

/*
 * The event that this thread has seen last, if that was one of opening, and what it leads to has not
 * come yet.  The event does not say whether a call follows, and which: the function of Python's that
 * tells it is the one that opens, so that their callers are the same.
 */
static __thread struct pending {
	struct script script;
	bool is_socket;
	unsigned n;
	uintptr_t frames[AUDITED];
} pending __attribute__((tls_model("initial-exec")));

void script_forget(void)
{
	pending.n = 0;
}

static void set(struct script *s, const char *file, unsigned line)
{
	size_t n = strlen(file);

	if (n >= SCRIPT_FILE)
		file += n - (SCRIPT_FILE - 1);
	strcpy(s->file, file);
	s->line = line;
}

static void python_place(void)
{
	void *frame = PyEval_GetFrame(), *code = frame ? PyFrame_GetCode(frame) : NULL;
	void *name = code ? PyObject_GetAttrString(code, "co_filename") : NULL;
	const char *file = name ? PyUnicode_AsUTF8(name) : NULL;

	if (file)
		set(&pending.script, file, (unsigned)PyFrame_GetLineNumber(frame));
	else if (code)
		PyErr_Clear();
	if (name)
		Py_DecRef(name);
	if (code)
		Py_DecRef(code);
}

static int python_is_asked; /* 1: a hook is set, or about to be */

static int python_audit(const char *event, void *args, void *ctx)
{
	bool socket = !strcmp(event, "socket.__new__"), in_order;

	(void)args;
	(void)ctx;
	pending.n = 0;
	if (!strcmp(event, "cpython._PySys_ClearAuditHooks")) /* it may be initialised once more */
		__atomic_store_n(&python_is_asked, 0, __ATOMIC_RELAXED);
	if (!socket && strcmp(event, "open") != 0)
		return 0;
	pending.script.file[0] = '\0';
	pending.is_socket = socket;
	python_place();
	if (pending.script.file[0])
		pending.n = stack_take(pending.frames, AUDITED, &in_order);
	return 0;
}

/* In the interpreter's main thread, with its lock held. */
static int python_hook(void *unused)
{
	(void)unused;
	if (PySys_AddAuditHook(python_audit, NULL)) /* another hook has a veto */
		PyErr_Clear();
	return 0;
}

/* It takes a lock for a moment: not in a signal handler, which may have interrupted its holder. */
static void python_ask(const struct caller *by)
{
	if (__atomic_load_n(&python_is_asked, __ATOMIC_RELAXED) || !by->in_order ||
	    !Py_IsInitialized())
		return;
	if (!__atomic_exchange_n(&python_is_asked, 1, __ATOMIC_RELAXED) &&
	    Py_AddPendingCall(python_hook, NULL)) /* too many wait */
		__atomic_store_n(&python_is_asked, 0, __ATOMIC_RELAXED);
}

static bool can_ask_python(void)
{
	return Py_IsInitialized && Py_AddPendingCall && PySys_AddAuditHook && PyEval_GetFrame &&
	       PyFrame_GetCode && PyFrame_GetLineNumber && PyObject_GetAttrString &&
	       PyUnicode_AsUTF8 && PyErr_Clear && Py_DecRef;
}

/* Is it the pending event's function that calls?  All its callers that are known have to be the same. */
static bool is_audited(const struct caller *by)
{
	for (unsigned skip = 1; skip <= AUDITING; skip++) {
		unsigned n = 0;

		while (1 + n < by->nframes && 1 + skip + n < pending.n &&
		       by->frames[1 + n] == pending.frames[1 + skip + n])
			n++;
		if (n >= CALLERS && (1 + n == by->nframes || 1 + skip + n == pending.n))
			return true;
	}
	return false;
}

static bool is_pending(const char *call, const struct caller *by)
{
	static const char opens[][9] = {
		"open", "open64", "openat", "openat64", "fopen", "fopen64"
	};

	if (!pending.n)
		return false;
	if (pending.is_socket)
		return !strcmp(call, "socket") && is_audited(by);
	for (unsigned i = 0; i < sizeof(opens) / sizeof(opens[0]); i++)
		if (!strcmp(call, opens[i]))
			return is_audited(by);
	return false;
}

/*
 * The main thread's, up to Ruby 3.1: NULL in it until its interpreter has begun, and where others run in
 * its place.
 */
static void *const *ruby_context;
/* rb_profile_frames() looks at it first. */
static bool ruby_has_frames;

void script_open(void)
{
	ruby_context = dlsym(RTLD_DEFAULT, "ruby_current_ec");
	ruby_has_frames =
		ruby_version && rb_profile_frames && strverscmp(ruby_version, "3.3.8") >= 0;
}

static void php_place(struct script *s)
{
	const char *file = zend_get_executed_filename();

	if (file && file[0] != '[') /* "[no active file]" */
		set(s, file, zend_get_executed_lineno());
}

/*
 * Its own threads are asked for elsewhere; those of other ractors move things, too.  Up to 3.2 the
 * interpreter says whether there was another.  Since then it has a thread that runs no script, and a ractor
 * one more: the folder of a process's threads has a link for each (proc(5), task), and two.
 */
static bool has_one_ractor(void)
{
	struct stat st;

	if (&ruby_single_main_ractor)
		return ruby_single_main_ractor;
	return !stat("/proc/self/task", &st) && st.st_nlink <= 2 + 2;
}

/*
 * Does this thread run a script of Ruby's, and does that stay where it is?  Ruby lets its lock go while it
 * opens, and another thread's collector may move what says where this one is.
 */
static bool runs_ruby(void)
{
	unsigned long frame;
	int line;

	if (!(ruby_context ? *ruby_context != NULL : ruby_has_frames) || !ruby_native_thread_p())
		return false;
	if (!ruby_thread_has_gvl_p() && !(rb_thread_alone() && has_one_ractor()))
		return false;
	return ruby_context || rb_profile_frames(0, 1, &frame, &line) > 0;
}

static bool can_ask_ruby(void)
{
	return rb_sourcefile && rb_sourceline && ruby_native_thread_p && ruby_thread_has_gvl_p &&
	       rb_thread_alone;
}

static void ruby_place(struct script *s)
{
	const char *file = rb_sourcefile();

	if (file)
		set(s, file, (unsigned)rb_sourceline());
}

static const char *number(const char *at, unsigned *n)
{
	for (*n = 0; *at >= '0' && *at <= '9'; at++)
		*n = 10 * *n + (unsigned)(*at - '0');
	return at;
}

/* Is it the end of the message, or what was read last: ", <HANDLE> line M."? */
static bool is_rest(const char *at)
{
	static const char units[][8] = { " line ", " chunk " };
	unsigned n;

	if (!strncmp(at, ", <", 3) && (at = strchr(at, '>')) != NULL) {
		at++;
		for (unsigned i = 0; i < sizeof(units) / sizeof(units[0]); i++)
			if (!strncmp(at, units[i], strlen(units[i])))
				at = number(at + strlen(units[i]), &n);
	}
	return at && !strcmp(at, ".\n");
}

/* " at FILE line N." and the rest; FILE may look like that itself. */
static void set_message(struct script *s, const char *text)
{
	static const char at[] = " at ", line[] = " line ";
	const char *end = strncmp(text, at, sizeof(at) - 1) ? NULL : strstr(text, line);
	unsigned n = 0;

	while (end && (!is_rest(number(end + sizeof(line) - 1, &n)) || !n))
		end = strstr(end + 1, line);
	if (!end || (size_t)(end - text) - (sizeof(at) - 1) >= SCRIPT_FILE)
		return;
	s->line = n;
	*stpncpy(s->file, text + sizeof(at) - 1, (size_t)(end - text) - (sizeof(at) - 1)) = '\0';
}

/* The only one that allocates: what die() would say behind its text, in memory of the interpreter. */
static void perl_place(struct script *s)
{
	void *perl = PL_curinterp ? pthread_getspecific(PL_thr_key) : NULL;
	void *message = perl ? Perl_mess_nocontext("%s", "") : NULL;
	const char *text = message ? Perl_sv_2pv_flags(perl, message, NULL, 0) : NULL;

	if (text)
		set_message(s, text);
}

void script_take(struct script *s, const char *call, const struct caller *by)
{
	s->file[0] = '\0';
	s->line = 0;
	if (is_pending(call, by))
		*s = pending.script;
	script_forget();
	if (can_ask_python())
		python_ask(by);
	if (zend_get_executed_filename && zend_get_executed_lineno && !tsrm_get_ls_cache &&
	    by->is_main_thread)
		php_place(s);
	if (can_ask_ruby() && runs_ruby())
		ruby_place(s);
	if (by->in_order && &PL_curinterp && &PL_thr_key && Perl_mess_nocontext &&
	    Perl_sv_2pv_flags)
		perl_place(s);
}
