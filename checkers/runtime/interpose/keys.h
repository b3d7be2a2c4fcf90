// Thread-specific values of a running execution, for the functions that are built on them.
#pragma once

#include <racecourse/checkers/runtime/interpose/call.h>

#include <pthread.h>

namespace racecourse::runtime {

// Each returns what the pthread function would.
int create_key(pthread_key_t* key, void (*destructor)(void*));
int delete_key(pthread_key_t key);
void* get_value(pthread_key_t key);
int set_value(pthread_key_t key, void* value);

}  // namespace racecourse::runtime
