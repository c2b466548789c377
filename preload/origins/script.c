/* script.c: see script.h. */
#include <dlfcn.h>
#include <string.h>

#include "preload/origins/interpreters.h"
#include "preload/origins/script.h"

/* What the audit hook has seen in this thread and no open has taken yet. */
static __thread struct script pending __attribute__((tls_model("initial-exec")));
static __thread bool pending_is_socket __attribute__((tls_model("initial-exec")));

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
		set(&pending, file, (unsigned)PyFrame_GetLineNumber(frame));
	else if (code)
		PyErr_Clear();
	if (name)
		Py_DecRef(name);
	if (code)
		Py_DecRef(code);
}

static int python_audit(const char *event, void *args, void *ctx)
{
	bool socket = !strcmp(event, "socket.__new__");

	(void)args;
	(void)ctx;
	if (!socket && strcmp(event, "open") != 0)
		return 0;
	pending.file[0] = '\0';
	pending_is_socket = socket;
	python_place();
	return 0;
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
	if (PySys_AddAuditHook && PyEval_GetFrame && PyFrame_GetCode && PyFrame_GetLineNumber &&
	    PyObject_GetAttrString && PyUnicode_AsUTF8 && PyErr_Clear && Py_DecRef)
		PySys_AddAuditHook(python_audit, NULL);
}

static void php_place(struct script *s)
{
	const char *file = zend_get_executed_filename();

	if (file && file[0] != '[') /* "[no active file]" */
		set(s, file, zend_get_executed_lineno());
}

/* Does this thread run a script of Ruby's? */
static bool runs_ruby(void)
{
	unsigned long frame;
	int line;

	if (ruby_context)
		return ruby_native_thread_p && *ruby_context && ruby_native_thread_p();
	return ruby_has_frames && rb_profile_frames(0, 1, &frame, &line) > 0;
}

static void ruby_place(struct script *s)
{
	const char *file = rb_sourcefile();

	if (file)
		set(s, file, (unsigned)rb_sourceline());
}

/* " at FILE line N.", or with ", <HANDLE> line M" behind it. */
static void set_message(struct script *s, const char *text)
{
	static const char at[] = " at ", line[] = " line ";
	const char *end = strncmp(text, at, sizeof(at) - 1) ? NULL : strstr(text, line), *digits;
	unsigned n = 0;

	while (end) {
		for (digits = end + sizeof(line) - 1, n = 0; *digits >= '0' && *digits <= '9';
		     digits++)
			n = 10 * n + (unsigned)(*digits - '0');
		if (n && (*digits == '.' || *digits == ','))
			break;
		end = strstr(end + 1, line);
	}
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

void script_take(struct script *s, const char *call, bool is_main_thread, bool in_order)
{
	bool socket = !strcmp(call, "socket"), open = !strncmp(call, "open", 4);

	s->file[0] = '\0';
	s->line = 0;
	if (pending.file[0] && (pending_is_socket ? socket : open))
		*s = pending;
	pending.file[0] = '\0';
	if (zend_get_executed_filename && zend_get_executed_lineno && !tsrm_get_ls_cache &&
	    is_main_thread)
		php_place(s);
	if (rb_sourcefile && rb_sourceline && runs_ruby())
		ruby_place(s);
	if (in_order && &PL_curinterp && &PL_thr_key && Perl_mess_nocontext && Perl_sv_2pv_flags)
		perl_place(s);
}
