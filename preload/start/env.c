/* env.c: see env.h. */
#include "preload/raw/sys.h"
#include "preload/start/env.h"
#include "preload/judge/judge.h"
#include "preload/core/text.h"

#define PRELOAD "LD_PRELOAD="

static bool same_name(const char *a, const char *b)
{
	while (*a == *b && *a && *a != '=')
		a++, b++;
	return *a == *b && *a == '=';
}

static char **find(char *const *envp, const char *name)
{
	for (; *envp; envp++)
		if (**envp == *name && same_name(*envp, name))
			return (char **)envp;
	return NULL;
}

/* Of two LD_PRELOAD the loaders of glibc and musl read the last. */
static char **find_preload(char *const *envp)
{
	char **found = NULL;

	for (; *envp; envp++)
		if (same_name(*envp, PRELOAD))
			found = (char **)envp;
	return found;
}

/* Does the list of libraries hold our element? */
static bool has_element(const char *list, struct fdf_str own)
{
	while (*list) {
		struct fdf_str e = { list, 0 };

		while (list[e.len] && list[e.len] != ':' && list[e.len] != ' ')
			e.len++;
		if (fdf_str_eq(e, own))
			return true;
		list += e.len + (list[e.len] != 0);
	}
	return false;
}

struct fdf_env fdf_env_plan(const struct fdf_fence *f, char *const *envp)
{
	static char *const none[1];
	struct fdf_env p = { 0, 0, true };
	char **preload;

	envp = envp ? envp : none;
	while (envp[p.slots])
		p.slots++;
	p.slots += (size_t)f->nkept + 3;
	p.len = p.slots * sizeof(char *);
	if (!f->set.follow)
		return p;
	preload = find_preload(envp);
	if (f->preload.len &&
	    !(preload && has_element(*preload + sizeof PRELOAD - 1, f->preload))) {
		p.ready = false;
		p.len += (preload ? fdf_str(*preload).len : sizeof PRELOAD) + f->preload.len + 2;
	}
	for (int i = 0; p.ready && i < f->nkept; i++)
		p.ready = find(envp, f->kept[i]) != NULL;
	return p;
}

char **fdf_env_place(struct fdf_fence *f, const struct fdf_env *plan, struct fdf_scratch **scratch)
{
	bool on_stack = plan->len <= FDF_STACK_ENV;

	*scratch = NULL;
	if (fdf_judge_wants_scratch(f) || !(on_stack || plan->ready))
		*scratch = fdf_scratch_get(f, sys_getpid());
	return *scratch && plan->len <= sizeof(*scratch)->env ? (char **)(*scratch)->env : NULL;
}

void fdf_env_unchanged(struct fdf_fence *f, const struct fdf_env *plan)
{
	if (!plan->ready)
		__atomic_fetch_add(&f->dropped, 1, __ATOMIC_RELAXED);
}

char *const *fdf_env_build(struct fdf_fence *f, char *const *envp, const struct fdf_env *plan,
			   char **place, char *handover)
{
	static char *const none[1];
	char **out = place, **preload, *text;

	if (!place) {
		fdf_env_unchanged(f, plan);
		return envp;
	}
	text = (char *)(place + plan->slots);
	for (envp = envp ? envp : none; *envp; envp++)
		if (!same_name(*envp, FDF_HANDOVER))
			*out++ = *envp;
	*out = NULL;
	preload = find_preload(place);
	if (f->set.follow && f->preload.len &&
	    !(preload && has_element(*preload + sizeof PRELOAD - 1, f->preload))) {
		struct fdf_text t = { .p = text, .end = text + (size_t)-1 / 4 };

		fdf_puts(&t, preload ? *preload : PRELOAD);
		if (preload && (*preload)[sizeof PRELOAD - 1])
			fdf_putc(&t, ':');
		fdf_put(&t, f->preload.s, f->preload.len);
		fdf_putc(&t, 0);
		if (preload)
			*preload = text;
		else
			*out++ = text;
	}
	for (int i = 0; f->set.follow && i < f->nkept; i++) {
		*out = NULL;
		if (!find(place, f->kept[i]))
			*out++ = f->kept[i];
	}
	*out++ = handover;
	*out = NULL;
	return place;
}
