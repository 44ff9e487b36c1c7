#ifndef MODEL_H
#define MODEL_H
/*
 * What the window must look like, kept the simplest way.  Every step is done
 * to the allocator and to the model, and the two are compared.
 */
struct model_area {
	unsigned long offset, size;
	unsigned char tag;
	void *ptr;
};

extern struct model_area model[];
extern int model_areas;

/* Allocate; with @fail the @fail-th allocation inside fails. */
extern void *model_alloc(unsigned long size, unsigned long align,
			 unsigned long fail);
/* Free reservation number @i of the model. */
extern void model_free(int i);
/* Compare the whole window, page by page. */
extern void model_check(void);

#endif
