/*
 * A disk that fails, between a process and the files below one directory. Loaded with LD_PRELOAD; faulty-disk.ts builds and steers it.
 *
 * It remembers what a power cut would leave: beside each file stands its durable image, which is brought up to date when the file is
 * synced. What was written since is dirty, sector by sector: after a kill, the torture keeps some dirty sectors and puts the
 * durable image's in place of the others. A sync that fails writes some dirty sectors and loses the rest for good: as in
 * Linux, later reads still see them, and no later sync writes them. (They reach the disk when they are written again.)
 *
 * Real calls go straight to the kernel, so that nothing here calls itself. Not modelled: writes through mmap, a deletion or a renaming
 * that a power cut undoes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { SECTOR = 512, FILES_MAX = 64, DESCRIPTORS_MAX = 4096 };
enum write_fault { WRITE_WELL, WRITE_NO_SPACE, WRITE_IO_ERROR, WRITE_HALF_THEN_NO_SPACE, WRITE_IN_PIECES };
enum sync_fault { SYNC_WELL, SYNC_IO_ERROR, SYNC_SLOW, SYNC_LIES };
enum sector_state { CLEAN, DIRTY, LOST };

/* Shared with the torture, which writes the first half and reads the second. */
struct control {
  uint32_t write_fault, sync_fault, slow_ms, one_in;
  uint32_t writes, writes_failed, syncs, syncs_failed;
};

struct file {
  char name[256]; /* relative to the root, with % for / */
  unsigned char *sectors;
  size_t sector_count;
  int is_directory, wrote_half;
};

static volatile struct control *control;
static char root[PATH_MAX], images[PATH_MAX];
static struct file files[FILES_MAX];
static int file_count;
static struct { struct file *file; ino_t inode; } by_descriptor[DESCRIPTORS_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t random_state = 88172645463325252ULL;

static uint32_t draw(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (uint32_t)(random_state >> 16);
}

__attribute__((constructor)) static void begin(void) {
  const char *root_given = getenv("FAULTY_DISK_ROOT"), *images_given = getenv("FAULTY_DISK_IMAGES");
  const char *control_path = getenv("FAULTY_DISK_CONTROL"), *seed = getenv("FAULTY_DISK_SEED");
  if (root_given == NULL || images_given == NULL || control_path == NULL) return;
  if (realpath(root_given, root) == NULL || realpath(images_given, images) == NULL) abort();
  if (seed != NULL) random_state ^= strtoull(seed, NULL, 10) * 2654435761ULL;
  int fd = (int)syscall(SYS_openat, AT_FDCWD, control_path, O_RDWR);
  if (fd < 0) abort();
  void *page = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) abort();
  control = page;
  syscall(SYS_close, fd);
}

static int open_beside(const struct file *file, const char *suffix, int flags) {
  char path[PATH_MAX + 300];
  snprintf(path, sizeof path, "%s/%s%s", images, file->name, suffix);
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0644);
}

static void grow(struct file *file, size_t count) {
  if (count <= file->sector_count) return;
  size_t wanted = count * 2 + 64;
  file->sectors = realloc(file->sectors, wanted);
  if (file->sectors == NULL) abort();
  memset(file->sectors + file->sector_count, CLEAN, wanted - file->sector_count);
  file->sector_count = wanted;
}

static void mark_dirty(struct file *file, off_t offset, off_t length) {
  if (length <= 0) return;
  size_t last = (size_t)((offset + length - 1) / SECTOR);
  grow(file, last + 1);
  for (size_t sector = (size_t)(offset / SECTOR); sector <= last; sector += 1) file->sectors[sector] = DIRTY;
}

/* What an earlier process has left dirty or lost is so still: the page cache outlives it. */
static void look_at_present(struct file *file, int fd) {
  struct stat now;
  if (fstat(fd, &now) != 0) return;
  int image = open_beside(file, "", O_RDONLY), lost = open_beside(file, ".lost", O_RDONLY);
  grow(file, (size_t)(now.st_size / SECTOR) + 1);
  int reader = -1;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  reader = (int)syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC);
  for (off_t at = 0; at < now.st_size; at += SECTOR) {
    unsigned char here[SECTOR] = {0}, there[SECTOR] = {0}, state = CLEAN;
    syscall(SYS_pread64, reader, here, SECTOR, at);
    if (image >= 0) syscall(SYS_pread64, image, there, SECTOR, at);
    if (lost >= 0) syscall(SYS_pread64, lost, &state, 1, at / SECTOR);
    if (image >= 0 && memcmp(here, there, SECTOR) == 0) state = CLEAN;
    else if (state != LOST) state = DIRTY;
    file->sectors[at / SECTOR] = state;
  }
  syscall(SYS_close, reader);
  if (image >= 0) syscall(SYS_close, image);
  if (lost >= 0) syscall(SYS_close, lost);
}

/* The file behind a path below the root; NULL for all others. */
static struct file *find(const char *path) {
  size_t length = strlen(root);
  if (length == 0 || strncmp(path, root, length) != 0) return NULL;
  if (path[length] != '/' && path[length] != 0) return NULL;
  char name[256];
  snprintf(name, sizeof name, "%s", path[length] == '/' ? path + length + 1 : "");
  for (char *at = name; *at != 0; at += 1)
    if (*at == '/') *at = '%';
  for (int index = 0; index < file_count; index += 1)
    if (strcmp(files[index].name, name) == 0) return &files[index];
  if (file_count == FILES_MAX) return NULL;
  struct file *file = &files[file_count++];
  memcpy(file->name, name, sizeof name);
  return file;
}

static void opened(int fd) {
  if (fd < 0 || fd >= DESCRIPTORS_MAX || control == NULL) return;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  struct stat now;
  if (length <= 0 || path[0] != '/') return;
  path[length] = 0;
  pthread_mutex_lock(&lock);
  int known = file_count;
  struct file *file = find(path);
  if (file != NULL && fstat(fd, &now) == 0) {
    file->is_directory = S_ISDIR(now.st_mode);
    if (file_count > known && S_ISREG(now.st_mode)) look_at_present(file, fd);
    by_descriptor[fd].file = file;
    by_descriptor[fd].inode = now.st_ino;
  }
  pthread_mutex_unlock(&lock);
}

static int open_at(int directory, const char *path, int flags, mode_t mode) {
  int fd = (int)syscall(SYS_openat, directory, path, flags, mode);
  opened(fd);
  return fd;
}

#define MODE(flags, mode) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { MODE(flags, mode) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags, mode) return open_at(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags, mode) return open_at(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags, mode) return open_at(at, path, flags, mode); }

/* libuv closes without telling: a descriptor may have become another file's, or a socket's. */
static struct file *file_of(int fd) {
  if (fd < 0 || fd >= DESCRIPTORS_MAX || by_descriptor[fd].file == NULL) return NULL;
  struct stat now;
  if (fstat(fd, &now) == 0 && now.st_ino == by_descriptor[fd].inode) return by_descriptor[fd].file;
  by_descriptor[fd].file = NULL;
  return NULL;
}

static int strikes(void) {
  return control->one_in <= 1 || draw() % control->one_in == 0;
}

static ssize_t fail(int error) {
  control->writes_failed += 1;
  errno = error;
  return -1;
}

static ssize_t faulty_write(struct file *file, int fd, const void *bytes, size_t length, off_t offset) {
  control->writes += 1;
  int fault = strikes() ? (int)control->write_fault : WRITE_WELL;
  int continues = file->wrote_half;
  file->wrote_half = 0;
  if (fault == WRITE_NO_SPACE || (fault == WRITE_HALF_THEN_NO_SPACE && continues)) return fail(ENOSPC);
  if (fault == WRITE_IO_ERROR) return fail(EIO);
  if (fault >= WRITE_HALF_THEN_NO_SPACE && length > 1) {
    length /= 2;
    file->wrote_half = 1;
  }
  ssize_t written = syscall(SYS_pwrite64, fd, bytes, length, offset);
  if (written > 0) mark_dirty(file, offset, written);
  return written;
}

static ssize_t write_to(int fd, const void *bytes, size_t length, off_t offset) {
  struct file *file = file_of(fd);
  if (file == NULL) return syscall(SYS_pwrite64, fd, bytes, length, offset);
  pthread_mutex_lock(&lock);
  ssize_t written = faulty_write(file, fd, bytes, length, offset);
  pthread_mutex_unlock(&lock);
  return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return write_to(fd, bytes, length, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) { return write_to(fd, bytes, length, offset); }

ssize_t write(int fd, const void *bytes, size_t length) {
  if (file_of(fd) == NULL) return syscall(SYS_write, fd, bytes, length);
  int appends = (int)syscall(SYS_fcntl, fd, F_GETFL) & O_APPEND;
  off_t offset = syscall(SYS_lseek, fd, 0, appends ? SEEK_END : SEEK_CUR);
  ssize_t written = write_to(fd, bytes, length, offset);
  if (written > 0) syscall(SYS_lseek, fd, offset + written, SEEK_SET);
  return written;
}

ssize_t writev(int fd, const struct iovec *pieces, int count) {
  if (file_of(fd) == NULL) return syscall(SYS_writev, fd, pieces, count);
  return count == 0 ? 0 : write(fd, pieces[0].iov_base, pieces[0].iov_len);
}

static int truncate_to(int fd, off_t size) {
  struct file *file = file_of(fd);
  struct stat before;
  if (file == NULL || fstat(fd, &before) != 0) return (int)syscall(SYS_ftruncate, fd, size);
  pthread_mutex_lock(&lock);
  int failed = control->write_fault == WRITE_IO_ERROR && strikes();
  if (failed) fail(EIO);
  int result = failed ? -1 : (int)syscall(SYS_ftruncate, fd, size);
  if (result == 0) mark_dirty(file, size < before.st_size ? size : before.st_size, llabs(size - before.st_size));
  pthread_mutex_unlock(&lock);
  return result;
}

int ftruncate(int fd, off_t size) { return truncate_to(fd, size); }
int ftruncate64(int fd, off_t size) { return truncate_to(fd, size); }

static void keep_lost(const struct file *file) {
  int lost = open_beside(file, ".lost", O_WRONLY | O_CREAT | O_TRUNC);
  if (lost < 0) abort();
  for (size_t sector = 0; sector < file->sector_count; sector += 1)
    if (file->sectors[sector] == LOST) syscall(SYS_pwrite64, lost, &file->sectors[sector], 1, sector);
  syscall(SYS_close, lost);
}

/* Brings the durable image up to date. When the sync fails, half of what is dirty is lost instead. */
static void make_durable(struct file *file, int fd, int fails) {
  struct stat now;
  if (fstat(fd, &now) != 0) return;
  int image = open_beside(file, "", O_WRONLY | O_CREAT), had_lost = 0;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  int reader = (int)syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC);
  if (image < 0 || reader < 0) abort();
  if (!fails) syscall(SYS_ftruncate, image, now.st_size);
  for (size_t sector = 0; sector < file->sector_count; sector += 1) {
    unsigned char bytes[SECTOR];
    if (file->sectors[sector] == LOST) had_lost = 1;
    if (file->sectors[sector] != DIRTY) continue;
    file->sectors[sector] = fails && draw() % 2 == 0 ? LOST : CLEAN;
    if (file->sectors[sector] == LOST) { had_lost = 1; continue; }
    ssize_t length = syscall(SYS_pread64, reader, bytes, SECTOR, sector * SECTOR);
    if (length > 0) syscall(SYS_pwrite64, image, bytes, length, sector * SECTOR);
  }
  syscall(SYS_close, reader);
  syscall(SYS_close, image);
  if (had_lost) keep_lost(file);
}

/* A directory's sync makes the names in it durable: a file without an image would not be there after a power cut. */
static void make_names_durable(void) {
  for (int index = 0; index < file_count; index += 1) {
    if (files[index].is_directory) continue;
    char path[2 * PATH_MAX];
    snprintf(path, sizeof path, "%s/%.255s", root, files[index].name);
    for (char *at = path + strlen(root) + 1; *at != 0; at += 1)
      if (*at == '%') *at = '/';
    struct stat now;
    int image = stat(path, &now) == 0 ? open_beside(&files[index], "", O_WRONLY | O_CREAT) : -1;
    if (image >= 0) syscall(SYS_close, image);
  }
}

static int sync_file(int fd, int number) {
  struct file *file = file_of(fd);
  if (file == NULL) return (int)syscall(number, fd);
  int fault = strikes() ? (int)control->sync_fault : SYNC_WELL;
  if (fault == SYNC_SLOW) {
    struct timespec pause = {control->slow_ms / 1000, (control->slow_ms % 1000) * 1000000L};
    nanosleep(&pause, NULL);
  }
  pthread_mutex_lock(&lock);
  control->syncs += 1;
  int fails = fault == SYNC_IO_ERROR;
  if (fails) control->syncs_failed += 1;
  if (fault != SYNC_LIES && file->is_directory && !fails) make_names_durable();
  if (fault != SYNC_LIES && !file->is_directory) make_durable(file, fd, fails);
  pthread_mutex_unlock(&lock);
  if (fails) errno = EIO;
  return fails ? -1 : 0;
}

int fsync(int fd) { return sync_file(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_file(fd, SYS_fdatasync); }

/* A path that may not exist (any more), below the directory that holds it. */
static struct file *find_by_name(const char *path) {
  char folder[PATH_MAX], whole[PATH_MAX + 300];
  const char *name = strrchr(path, '/');
  if (name == NULL || name == path || name - path >= PATH_MAX) return NULL;
  memcpy(folder, path, (size_t)(name - path));
  folder[name - path] = 0;
  char resolved[PATH_MAX];
  if (realpath(folder, resolved) == NULL) return NULL;
  snprintf(whole, sizeof whole, "%s%.255s", resolved, name);
  return find(whole);
}

static void forget_image(struct file *file) {
  char image[PATH_MAX + 300];
  snprintf(image, sizeof image, "%s/%s", images, file->name);
  syscall(SYS_unlinkat, AT_FDCWD, image, 0);
  strcat(image, ".lost");
  syscall(SYS_unlinkat, AT_FDCWD, image, 0);
  if (file->sectors != NULL) memset(file->sectors, CLEAN, file->sector_count);
}

static int remove_at(int directory, const char *path, int flags) {
  int result = (int)syscall(SYS_unlinkat, directory, path, flags);
  if (result != 0 || control == NULL) return result;
  pthread_mutex_lock(&lock);
  struct file *file = find_by_name(path);
  if (file != NULL) forget_image(file);
  pthread_mutex_unlock(&lock);
  return result;
}

int unlink(const char *path) { return remove_at(AT_FDCWD, path, 0); }
int unlinkat(int directory, const char *path, int flags) { return remove_at(directory, path, flags); }

int rename(const char *from, const char *to) {
  int result = (int)syscall(SYS_rename, from, to);
  if (result != 0 || control == NULL) return result;
  pthread_mutex_lock(&lock);
  struct file *before = find_by_name(from), *after = find_by_name(to);
  if (before != NULL && after != NULL) {
    char from_image[PATH_MAX + 300], to_image[PATH_MAX + 300];
    forget_image(after);
    snprintf(from_image, sizeof from_image, "%s/%s", images, before->name);
    snprintf(to_image, sizeof to_image, "%s/%s", images, after->name);
    syscall(SYS_rename, from_image, to_image);
  }
  pthread_mutex_unlock(&lock);
  return result;
}
