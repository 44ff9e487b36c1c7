#ifndef MODEL_H
#define MODEL_H
/*
 * What the window must look like, kept the simplest way.  Every step is done
 * to the allocator and to the model, and the two are compared.
 */
struct model_area {
	unsigned long offset, size;
	unsigned char tag;
	int object;		/* of alloc_percpu(), not a module's */
	int freed;		/* and waiting to be released */
	void *ptr;
};

extern struct model_area model[];
extern int model_areas;

/* Reserve as a module; with @fail the @fail-th allocation inside fails. */
extern void *model_alloc(unsigned long size, unsigned long align,
			 unsigned long fail);
/* The same by __alloc_percpu(). */
extern void *model_alloc_percpu(unsigned long size, unsigned long fail);
/* Free reservation number @i of the model, an object only for later. */
extern void model_free(int i);
/* Release what waits, by the work item. */
extern void model_run_work(void);
/* Compare the whole window, page by page. */
extern void model_check(void);

#endif
