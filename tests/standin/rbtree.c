/*
 * Red-black trees with the interface of 2.6.17's lib/rbtree.c, written after
 * the textbook: no two red nodes in a row, as many black ones on every way
 * down.  For tests without a kernel tree.
 */
#include <linux/rbtree.h>

static int is_red(struct rb_node *node)
{
	return node && node->rb_color == RB_RED;
}

/* What points to this node. */
static struct rb_node **link_of(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent = node->rb_parent;

	if (!parent)
		return &root->rb_node;
	return parent->rb_left == node ? &parent->rb_left : &parent->rb_right;
}

static struct rb_node **child(struct rb_node *node, int right)
{
	return right ? &node->rb_right : &node->rb_left;
}

/* The child on the other side comes up, @node goes down to the side given. */
static void rotate(struct rb_node *node, int right, struct rb_root *root)
{
	struct rb_node *up = *child(node, !right);
	struct rb_node *between = *child(up, right);

	*link_of(node, root) = up;
	up->rb_parent = node->rb_parent;
	*child(up, right) = node;
	node->rb_parent = up;
	*child(node, !right) = between;
	if (between)
		between->rb_parent = node;
}

void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent, *grand, *uncle;
	int right;

	while (is_red(parent = node->rb_parent)) {
		grand = parent->rb_parent;
		right = grand->rb_right == parent;
		uncle = *child(grand, !right);
		if (is_red(uncle)) {
			parent->rb_color = uncle->rb_color = RB_BLACK;
			grand->rb_color = RB_RED;
			node = grand;
			continue;
		}
		if (*child(parent, !right) == node) {
			rotate(parent, right, root);
			parent = node;
		}
		parent->rb_color = RB_BLACK;
		grand->rb_color = RB_RED;
		rotate(grand, !right, root);
		break;
	}
	root->rb_node->rb_color = RB_BLACK;
}

/* A black node too few on the way through @node, which is below @parent. */
static void fill_up(struct rb_node *node, struct rb_node *parent,
		    struct rb_root *root)
{
	struct rb_node *other;
	int right;

	while (parent && !is_red(node)) {
		right = parent->rb_right == node;
		other = *child(parent, !right);
		if (is_red(other)) {
			other->rb_color = RB_BLACK;
			parent->rb_color = RB_RED;
			rotate(parent, right, root);
			other = *child(parent, !right);
		}
		if (!is_red(other->rb_left) && !is_red(other->rb_right)) {
			other->rb_color = RB_RED;
			node = parent;
			parent = node->rb_parent;
			continue;
		}
		if (!is_red(*child(other, !right))) {
			(*child(other, right))->rb_color = RB_BLACK;
			other->rb_color = RB_RED;
			rotate(other, !right, root);
			other = *child(parent, !right);
		}
		other->rb_color = parent->rb_color;
		parent->rb_color = RB_BLACK;
		(*child(other, !right))->rb_color = RB_BLACK;
		rotate(parent, right, root);
		return;
	}
	if (node)
		node->rb_color = RB_BLACK;
}

/* The node itself leaves: others keep their addresses. */
void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *gone = node, *parent, *below;
	int color;

	/* The place that goes is one with a child at most. */
	if (node->rb_left && node->rb_right)
		for (gone = node->rb_right; gone->rb_left; )
			gone = gone->rb_left;
	below = gone->rb_left ? gone->rb_left : gone->rb_right;
	parent = gone->rb_parent;
	color = gone->rb_color;
	*link_of(gone, root) = below;
	if (below)
		below->rb_parent = parent;

	/* Who was there takes the node's place. */
	if (gone != node) {
		if (parent == node)
			parent = gone;
		*link_of(node, root) = gone;
		*gone = *node;
		gone->rb_left->rb_parent = gone;
		if (gone->rb_right)
			gone->rb_right->rb_parent = gone;
	}
	if (color == RB_BLACK)
		fill_up(below, parent, root);
}

struct rb_node *rb_next(struct rb_node *node)
{
	struct rb_node *parent;

	if (node->rb_right) {
		for (node = node->rb_right; node->rb_left; )
			node = node->rb_left;
		return node;
	}
	while ((parent = node->rb_parent) && parent->rb_right == node)
		node = parent;
	return parent;
}
