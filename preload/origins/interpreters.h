/*
 * interpreters.h: what interpreters export, as far as it is called here.  Weak: NULL in a program
 * that has none of it.
 */
#ifndef FDF_ORIGINS_INTERPRETERS_H
#define FDF_ORIGINS_INTERPRETERS_H

#include <pthread.h>

#define WEAK __attribute__((weak))

/* CPython's, of its stable interface; opaque here. */
extern WEAK int Py_IsInitialized(void);
extern WEAK int Py_AddPendingCall(int (*)(void *), void *);
extern WEAK int PySys_AddAuditHook(int (*)(const char *, void *, void *), void *);
extern WEAK void *PyEval_GetFrame(void);
extern WEAK void *PyFrame_GetCode(void *);
extern WEAK int PyFrame_GetLineNumber(void *);
extern WEAK void *PyObject_GetAttrString(void *, const char *);
extern WEAK const char *PyUnicode_AsUTF8(void *);
extern WEAK void PyErr_Clear(void);
extern WEAK void Py_DecRef(void *);

/* PHP's; with threads (tsrm_get_ls_cache) they need a state that this thread may not have. */
extern WEAK const char *zend_get_executed_filename(void);
extern WEAK unsigned zend_get_executed_lineno(void);
extern WEAK void *tsrm_get_ls_cache(void);

/* Ruby's. */
extern WEAK const char ruby_version[];
extern WEAK int ruby_native_thread_p(void);
extern WEAK int ruby_thread_has_gvl_p(void);
extern WEAK int rb_thread_alone(void);
extern WEAK void *ruby_single_main_ractor; /* up to 3.2; NULL once there was another */
extern WEAK int rb_profile_frames(int, int, unsigned long *, int *);
extern WEAK const char *rb_sourcefile(void);
extern WEAK int rb_sourceline(void);

/* Perl's, with MULTIPLICITY, as Debian builds it: only that one has the function without context. */
extern WEAK void *PL_curinterp;
extern WEAK pthread_key_t PL_thr_key; /* of the context */
extern WEAK void *Perl_mess_nocontext(const char *, ...);
extern WEAK const char *Perl_sv_2pv_flags(void *, void *, unsigned long *, unsigned);

#undef WEAK

#endif
