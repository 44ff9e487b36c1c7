#pragma once

/* The interface of 2.6.17's red-black trees; ours are in ../rbtree.c. */
#include <linux/kernel.h>

struct rb_node {
	struct rb_node *rb_parent;
	int rb_color;
	struct rb_node *rb_right, *rb_left;
};

#define RB_RED		0
#define RB_BLACK	1

struct rb_root {
	struct rb_node *rb_node;
};

#define RB_ROOT	(struct rb_root) { NULL }

#define rb_entry(ptr, type, member)	container_of(ptr, type, member)

extern void rb_insert_color(struct rb_node *node, struct rb_root *root);
extern void rb_erase(struct rb_node *node, struct rb_root *root);
extern struct rb_node *rb_next(struct rb_node *node);

static inline void rb_link_node(struct rb_node *node, struct rb_node *parent,
				struct rb_node **link)
{
	struct rb_node leaf = { parent, RB_RED, NULL, NULL };

	*node = leaf;
	*link = node;
}
