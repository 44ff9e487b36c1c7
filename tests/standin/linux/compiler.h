#pragma once

#define noinline		__attribute__((__noinline__))
