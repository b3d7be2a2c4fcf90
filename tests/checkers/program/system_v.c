/* system_v WAY [KEY]: System V semaphores and queues, with which threads wait for each other, and shared memory. */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

#include "in_two.h"

static const char* way;
static int key;
static int given, counter;
static int set, queue;

static int is(const char* name) { return strcmp(way, name) == 0; }

static int change(int semaphore, int by, int flags) {
  struct sembuf one;
  one.sem_num = (unsigned short)semaphore;
  one.sem_op = (short)by;
  one.sem_flg = (short)flags;
  return semop(set, &one, 1);
}

static void make_set(int a, int b) {
  set = semget(IPC_PRIVATE, 2, 0600);
  assert(set >= 0 && semctl(set, 0, SETVAL, a) == 0 && semctl(set, 1, SETVAL, b) == 0);
}

static void* nothing(void* unused) { return unused; }

static void* sleeps(void* unused) {
  sleep(1);
  return unused;
}

/* A semaphore as a mutex. */
static void* counts(void* unused) {
  assert(change(0, -1, 0) == 0);
  counter++;
  assert(change(0, 1, 0) == 0);
  return unused;
}

static void* counts_without(void* unused) {
  counter++;
  return unused;
}

/* Another one: zero is free. */
static void* counts_at_zero(void* unused) {
  struct sembuf take[2];
  memset(take, 0, sizeof take);
  take[1].sem_op = 1;
  assert(semop(set, take, 2) == 0);
  counter++;
  assert(change(0, -1, 0) == 0);
  return unused;
}

static void* takes_0_1(void* unused) {
  assert(change(0, -1, 0) == 0 && change(1, -1, 0) == 0);
  assert(change(0, 1, 0) == 0 && change(1, 1, 0) == 0);
  return unused;
}

static void* takes_1_0(void* unused) {
  assert(change(1, -1, 0) == 0 && change(0, -1, 0) == 0);
  assert(change(1, 1, 0) == 0 && change(0, 1, 0) == 0);
  return unused;
}

/* Both at once: the first without waiting, the second with. */
static void* takes_both(void* unused) {
  struct sembuf both[2];
  memset(both, 0, sizeof both);
  both[0].sem_op = both[1].sem_op = -1;
  both[1].sem_num = 1;
  both[0].sem_flg = IPC_NOWAIT;
  assert(semop(set, both, 2) == 0);
  assert(semop(set, both, 2) == -1 && errno == EAGAIN);
  return unused;
}

static void* gives_1(void* unused) {
  assert(change(1, 1, 0) == 0);
  return unused;
}

static void* takes_in_time(void* unused) {
  struct timespec hour = {3600, 0};
  struct sembuf take = {0, -1, 0};
  assert(semtimedop(set, &take, 1, &hour) == -1 && errno == EAGAIN);
  assert(change(0, -1, IPC_NOWAIT) == -1 && errno == EAGAIN);
  return unused;
}

static void* finds_it_removed(void* unused) {
  assert(change(0, -1, 0) == -1 && (errno == EIDRM || errno == EINVAL));
  return unused;
}

static void* removes(void* unused) {
  assert(semctl(set, 0, IPC_RMID) == 0);
  return unused;
}

struct message {
  long type;
  char text[8];
};
/* Alone on its page, which the kernel must be let write to. */
#define ON_ITS_PAGE __attribute__((aligned(4096)))
static struct ON_ITS_PAGE { struct message is; } received;

static void* sends_messages(void* unused) {
  struct message message = {2, "two"};
  given = 7;
  assert(msgsnd(queue, &message, sizeof message.text, 0) == 0);
  if (is("types_late")) given = 8;
  message.type = 1;
  strcpy(message.text, "one");
  assert(msgsnd(queue, &message, sizeof message.text, 0) == 0);
  return unused;
}

static void* receives_messages(void* unused) {
  assert(msgrcv(queue, &received.is, sizeof received.is.text, 2, 0) == sizeof received.is.text);
  assert(strcmp(received.is.text, "two") == 0 && given == 7);
  assert(msgrcv(queue, &received.is, sizeof received.is.text, 1, 0) == sizeof received.is.text);
  assert(msgrcv(queue, &received.is, sizeof received.is.text, 0, IPC_NOWAIT) == -1 && errno == ENOMSG);
  return unused;
}

/* None of these is there when the next execution begins. */
static void leaves(void) {
  const int memory = shmget(key, 8192, IPC_CREAT | IPC_EXCL | 0600);
  const int unnamed = shmget(IPC_PRIVATE, (size_t)key, 0600);
  int* const numbers = shmat(memory, NULL, 0);
  int* const again = shmat(unnamed, NULL, 0);
  assert(memory >= 0 && unnamed >= 0 && numbers != (int*)-1 && again != (int*)-1);
  assert(numbers[0] == 0 && again[0] == 0);
  numbers[0] = again[0] = 1;
  assert(shmdt(again) == 0 && shmget(key, 8192, 0) == memory);
  assert(semget(key, 1, IPC_CREAT | IPC_EXCL | 0600) >= 0);
  assert(msgget(key, IPC_CREAT | IPC_EXCL | 0600) >= 0);
}

/* Memory that was attached twice, each time by another thread: the second finds it as if it were new. */
static void* attaches(void* unused) {
  const int memory = shmget(IPC_PRIVATE, 4096, 0600);
  int* const numbers = shmat(memory, NULL, 0);
  numbers[0]++;
  assert(numbers[0] == 1 && shmdt(numbers) == 0 && shmctl(memory, IPC_RMID, NULL) == 0);
  return unused;
}

static void* shared_number(void* number) {
  ++*(int*)number;
  return number;
}

static void share(void) {
  pthread_t other;
  int* const numbers = shmat(shmget(IPC_PRIVATE, 4096, 0600), NULL, 0);
  pthread_create(&other, NULL, shared_number, numbers);
  shared_number(numbers);
  pthread_join(other, NULL);
}

int main(int count, char** arguments) {
  if (count < 2) return 2;
  way = arguments[1];
  key = count > 2 ? atoi(arguments[2]) : 0;
  if (is("mutex") || is("no_mutex")) {
    make_set(1, 0);
    in_two(counts, is("mutex") ? counts : counts_without);
    assert(counter == 2 || is("no_mutex"));
  } else if (is("zero")) {
    make_set(0, 0);
    in_two(counts_at_zero, counts_at_zero);
    assert(counter == 2);
  } else if (is("same_order") || is("crossed")) {
    make_set(1, 1);
    in_two(takes_0_1, is("crossed") ? takes_1_0 : takes_0_1);
  } else if (is("both")) {
    make_set(1, 0);
    in_two(takes_both, gives_1);
  } else if (is("timed_semaphore")) {
    make_set(0, 0);
    in_two(takes_in_time, sleeps);
  } else if (is("removed")) {
    make_set(0, 0);
    in_two(finds_it_removed, removes);
  } else if (is("types") || is("types_late")) {
    queue = msgget(IPC_PRIVATE, 0600);
    in_two(receives_messages, sends_messages);
  } else if (is("no_message")) {
    queue = msgget(IPC_PRIVATE, 0600);
    in_two(receives_messages, nothing);
  } else if (is("leaves")) {
    in_two(nothing, nothing);
    leaves();
  } else if (is("attaches")) {
    in_two(attaches, attaches);
  } else if (is("shared")) {
    share();
  } else {
    return 3;
  }
  return 0;
}
