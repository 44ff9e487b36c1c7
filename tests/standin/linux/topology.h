#pragma once

extern int cpu_to_node(int cpu);
extern int node_online(int node);

#define first_online_node	0
