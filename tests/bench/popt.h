#ifndef BENCH_POPT_H
#define BENCH_POPT_H
/*
 * As much of libpopt as tbench needs: -X VALUE for numbers and strings, then
 * what is not an option. There is no libpopt for musl to link with.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POPT_ARG_NONE, POPT_ARG_STRING, POPT_ARG_INT, POPT_ARG_DOUBLE };

#define POPT_CONTEXT_KEEP_FIRST	0
#define POPT_AUTOHELP
#define POPT_TABLEEND		{ NULL, 0, 0, NULL, 0, NULL, NULL }

struct poptOption {
	const char *long_name;
	char short_name;
	int kind;
	void *value;
	int unused;
	const char *text, *what;
};

static struct popt {
	const char **argv;
	const struct poptOption *options;
	int at;
} the_popt;
typedef struct popt *poptContext;

static poptContext poptGetContext(const char *name, int argc,
				  const char **argv,
				  const struct poptOption *options, int flags)
{
	the_popt.argv = argv;
	the_popt.options = options;
	the_popt.at = 1;
	return &the_popt;
}

/* -1 at the end of the options. */
static int poptGetNextOpt(poptContext pc)
{
	const struct poptOption *o;
	const char *arg = pc->argv[pc->at];

	if (!arg || arg[0] != '-')
		return -1;
	for (o = pc->options; o->long_name; o++)
		if (o->short_name && o->short_name == arg[1] && !arg[2])
			break;
	if (!o->long_name || o->kind == POPT_ARG_DOUBLE)
		return 1;
	pc->at++;
	if (o->kind == POPT_ARG_NONE)
		*(int *)o->value = 1;
	else if (!pc->argv[pc->at])
		return 1;
	else if (o->kind == POPT_ARG_INT)
		*(int *)o->value = atoi(pc->argv[pc->at++]);
	else
		*(const char **)o->value = pc->argv[pc->at++];
	return poptGetNextOpt(pc);
}

/* With an element before the first, as POPT_CONTEXT_KEEP_FIRST has it. */
static const char **poptGetArgs(poptContext pc)
{
	return pc->argv + pc->at - 1;
}

static const char *poptBadOption(poptContext pc, int flags)
{
	return pc->argv[pc->at];
}

static const char *poptStrerror(int error)
{
	return "unknown or incomplete";
}

static void poptPrintHelp(poptContext pc, FILE *f, int flags)
{
}

#endif
