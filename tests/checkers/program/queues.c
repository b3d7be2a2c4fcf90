/* queues WAY [KEY]: POSIX message queues, and System V semaphores, queues and shared memory, with which threads wait
 * for each other; and what the C library would do in threads of its own. */
#define _GNU_SOURCE
#include <aio.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

static const char* way;
static int key;
static int given, counter;
static int set, other_queue;
static mqd_t queue;
static char buffer[64]; /* on pages that the kernel must be let write to */
static unsigned priority;
static struct mq_attr attributes;

static int is(const char* name) { return strcmp(way, name) == 0; }

static void open_queue(int flags, int room) {
  char name[40];
  struct mq_attr wanted;
  memset(&wanted, 0, sizeof wanted);
  wanted.mq_maxmsg = room;
  wanted.mq_msgsize = sizeof buffer;
  sprintf(name, "/racecourse-%d", (int)getpid());
  mq_unlink(name);
  queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL | flags, 0600, &wanted);
  assert(queue == 3);
  assert(mq_unlink(name) == 0);
}

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

static struct timespec in_an_hour(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  time.tv_sec += 3600;
  return time;
}

static void in_two(void* (*first)(void*), void* (*second)(void*)) {
  pthread_t a, b;
  pthread_create(&a, NULL, first, NULL);
  pthread_create(&b, NULL, second, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
}

/* What a message hands over is the receiver's; that there is room again says that a message was taken. */
static void* sends(void* unused) {
  given = 7;
  assert(mq_send(queue, "first", 6, 1) == 0);
  if (is("handed_late")) given = 8;
  if (is("refilled")) return unused;
  assert(mq_send(queue, "second", 7, 2) == 0);
  assert(counter == 1);
  return unused;
}

static void* receives(void* unused) {
  counter = 1;
  assert(mq_receive(queue, buffer, sizeof buffer, &priority) == 6);
  assert(strcmp(buffer, "first") == 0 && priority == 1 && given == 7);
  if (is("refilled")) assert(mq_receive(queue, buffer, sizeof buffer, NULL) == 7);
  if (is("handed") || is("handed_late")) assert(mq_receive(queue, buffer, sizeof buffer, NULL) == 7);
  return unused;
}

static void* sends_a(void* unused) {
  assert(mq_send(queue, "a", 1, 0) == 0);
  return unused;
}

static void* sends_b(void* unused) {
  assert(mq_send(queue, "b", 1, 0) == 0);
  return unused;
}

static void two_senders(void) {
  in_two(sends_a, sends_b);
  assert(mq_getattr(queue, &attributes) == 0 && attributes.mq_curmsgs == 2);
  assert(mq_receive(queue, buffer, sizeof buffer, NULL) == 1);
  assert(buffer[0] == 'a' || (buffer[0] == 'b' && is("any_order")));
}

static void* receives_in_time(void* unused) {
  const struct timespec soon = in_an_hour();
  struct timespec wrong = soon;
  assert(mq_timedreceive(queue, buffer, sizeof buffer, NULL, &soon) == -1 && errno == ETIMEDOUT);
  wrong.tv_nsec = 1000000000;
  assert(mq_timedreceive(queue, buffer, sizeof buffer, NULL, &wrong) == -1 && errno == EINVAL);
  assert(mq_timedsend(queue, "a", 1, 0, &soon) == 0);
  assert(mq_timedsend(queue, "a", 1, 0, &soon) == -1 && errno == ETIMEDOUT);
  return unused;
}

static void* sleeps(void* unused) {
  sleep(1);
  return unused;
}

static void* at_once(void* unused) {
  static const struct mq_attr waits;
  assert(mq_receive(queue, buffer, sizeof buffer, NULL) == -1 && errno == EAGAIN);
  assert(mq_send(queue, "a", 1, 0) == 0);
  assert(mq_send(queue, "a", 1, 0) == -1 && errno == EAGAIN);
  assert(mq_receive(queue, buffer, 1, NULL) == -1 && errno == EMSGSIZE);
  assert(mq_setattr(queue, &waits, &attributes) == 0 && attributes.mq_flags == O_NONBLOCK);
  assert(mq_receive(queue, buffer, sizeof buffer, NULL) == 1 && mq_close(queue) == 0);
  assert(mq_close(queue) == -1 && errno == EBADF);
  return unused;
}

static void* nothing(void* unused) { return unused; }

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
static struct message received;

static void* sends_messages(void* unused) {
  struct message message = {2, "two"};
  given = 7;
  assert(msgsnd(other_queue, &message, sizeof message.text, 0) == 0);
  if (is("types_late")) given = 8;
  message.type = 1;
  strcpy(message.text, "one");
  assert(msgsnd(other_queue, &message, sizeof message.text, 0) == 0);
  return unused;
}

static void* receives_messages(void* unused) {
  assert(msgrcv(other_queue, &received, sizeof received.text, 2, 0) == sizeof received.text);
  assert(strcmp(received.text, "two") == 0 && given == 7);
  assert(msgrcv(other_queue, &received, sizeof received.text, 1, 0) == sizeof received.text);
  assert(msgrcv(other_queue, &received, sizeof received.text, 0, IPC_NOWAIT) == -1 && errno == ENOMSG);
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

static void in_threads_of_the_library(void) {
  static struct aiocb request;
  static struct aiocb* requests[1] = {&request};
  static struct gaicb host;
  static struct gaicb* hosts[1] = {&host};
  static struct sigevent event;
  request.aio_buf = buffer;
  request.aio_nbytes = 1;
  if (is("aio_read")) aio_read(&request);
  if (is("aio_write")) aio_write(&request);
  if (is("aio_fsync")) aio_fsync(O_SYNC, &request);
  if (is("lio_listio")) lio_listio(LIO_WAIT, requests, 1, NULL);
  if (is("getaddrinfo_a")) getaddrinfo_a(GAI_WAIT, hosts, 1, NULL);
  if (is("mq_notify")) {
    open_queue(0, 1);
    event.sigev_notify = SIGEV_NONE;
    assert(mq_notify(queue, &event) == 0 && mq_notify(queue, NULL) == 0);
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGUSR1;
    mq_notify(queue, &event);
  }
}

int main(int count, char** arguments) {
  if (count < 2) return 2;
  way = arguments[1];
  key = count > 2 ? atoi(arguments[2]) : 0;
  if (strncmp(way, "handed", 6) == 0 || is("refilled")) {
    open_queue(0, 1);
    in_two(receives, sends);
  } else if (is("any_order") || is("one_order")) {
    open_queue(0, 2);
    two_senders();
  } else if (is("in_time")) {
    open_queue(0, 1);
    in_two(receives_in_time, sleeps);
  } else if (is("at_once")) {
    open_queue(O_NONBLOCK, 1);
    in_two(at_once, nothing);
  } else if (is("full")) {
    open_queue(0, 1);
    in_two(sends_a, sends_b);
  } else if (is("mutex") || is("no_mutex")) {
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
    other_queue = msgget(IPC_PRIVATE, 0600);
    in_two(receives_messages, sends_messages);
  } else if (is("no_message")) {
    other_queue = msgget(IPC_PRIVATE, 0600);
    in_two(receives_messages, nothing);
  } else if (is("leaves")) {
    in_two(nothing, nothing);
    leaves();
  } else if (is("attaches")) {
    in_two(attaches, attaches);
  } else if (is("shared")) {
    share();
  } else {
    in_threads_of_the_library();
  }
  return 0;
}
