// A clock that can be turned while a process runs: preloaded, it adds to the time of day what stands in a file. Time that
// passes (CLOCK_MONOTONIC) stays true, as it does when an operator turns a clock. It asks the kernel itself: allocators ask
// for the time before a library could look for the true function.
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *ahead;

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("LAB_CLOCK");
  int descriptor = file ? open(file, O_RDONLY) : -1;
  if (descriptor < 0) {
    return;
  }
  void *page = mmap(NULL, sizeof *ahead, PROT_READ, MAP_SHARED, descriptor, 0);
  close(descriptor);
  if (page != MAP_FAILED) {
    ahead = page;
  }
}

int clock_gettime(clockid_t which, struct timespec *now) {
  int result = (int) syscall(SYS_clock_gettime, which, now);
  if (result == 0 && ahead && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) {
    now->tv_sec += *ahead;
  }
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void) zone;
  struct timespec fine;
  clock_gettime(CLOCK_REALTIME, &fine);
  now->tv_sec = fine.tv_sec;
  now->tv_usec = fine.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *into) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (into) {
    *into = now.tv_sec;
  }
  return now.tv_sec;
}
