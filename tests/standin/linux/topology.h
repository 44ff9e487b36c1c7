#ifndef _STANDIN_LINUX_TOPOLOGY_H
#define _STANDIN_LINUX_TOPOLOGY_H

extern int cpu_to_node(int cpu);
extern int node_online(int node);

#define first_online_node	0

#endif
