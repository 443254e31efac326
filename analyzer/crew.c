/*
 * The threads that decode. See crew.h.
 *
 * A ring of batches. The reader fills slot n % RING once the caller has given
 * its last content back; each worker does its shards of batch n, then of n + 1;
 * a batch is finished when all workers have done it. One mutex guards the
 * counters, nothing else is shared between threads that run at the same time.
 */
#include "analyzer/crew.h"

#include <pthread.h>
#include <stdlib.h>

enum { RING = 4, WORKERS_MAX = SHARDS };

struct crew;

struct worker {
    struct crew *crew;
    unsigned number;
    pthread_t thread;
    uint64_t done; /* batches it has finished */
};

struct crew {
    struct crew_source source;
    struct shard *const *shards;
    struct batch *ring[RING];
    unsigned worker_count; /* 0: no threads at all */
    struct worker workers[WORKERS_MAX];
    pthread_t reader;
    pthread_mutex_t mutex;
    pthread_cond_t moved; /* one of the counters moved */
    uint64_t filled;      /* batches read */
    uint64_t taken;       /* batches that crew_next() handed out */
    uint64_t returned;    /* batches that came back */
    bool over;            /* the last batch has been handed out */
};

static struct batch *slot(struct crew *crew, uint64_t number)
{
    return crew->ring[number % RING];
}

/* Threads that cannot be started or locked are a fault of the machine. */
static void must(int error)
{
    if (error != 0) {
        memory_fatal();
    }
}

static void *read_batches(void *context)
{
    struct crew *crew = context;
    for (uint64_t number = 0;; number++) {
        must(pthread_mutex_lock(&crew->mutex));
        while (number - crew->returned >= RING) {
            must(pthread_cond_wait(&crew->moved, &crew->mutex));
        }
        must(pthread_mutex_unlock(&crew->mutex));
        struct batch *batch = slot(crew, number);
        batch_clear(batch);
        crew->source.fill(crew->source.context, batch);
        bool last = batch->last;
        must(pthread_mutex_lock(&crew->mutex));
        crew->filled = number + 1;
        must(pthread_cond_broadcast(&crew->moved));
        must(pthread_mutex_unlock(&crew->mutex));
        if (last) {
            return NULL;
        }
    }
}

static void *work_batches(void *context)
{
    struct worker *worker = context;
    struct crew *crew = worker->crew;
    for (uint64_t number = 0;; number++) {
        must(pthread_mutex_lock(&crew->mutex));
        while (number >= crew->filled) {
            must(pthread_cond_wait(&crew->moved, &crew->mutex));
        }
        must(pthread_mutex_unlock(&crew->mutex));
        struct batch *batch = slot(crew, number);
        bool last = batch->last;
        for (unsigned i = worker->number; i < SHARDS; i += crew->worker_count) {
            shard_work(crew->shards[i], batch);
        }
        must(pthread_mutex_lock(&crew->mutex));
        worker->done = number + 1;
        must(pthread_cond_broadcast(&crew->moved));
        must(pthread_mutex_unlock(&crew->mutex));
        if (last) {
            return NULL;
        }
    }
}

struct crew *crew_new(unsigned threads, const struct crew_source *source,
                      struct shard *const *shards)
{
    struct crew *crew = memory_zero(1, sizeof *crew);
    crew->source = *source;
    crew->shards = shards;
    crew->worker_count = threads - 1 < WORKERS_MAX ? threads - 1 : WORKERS_MAX;
    unsigned batches = crew->worker_count > 0 ? RING : 1;
    for (unsigned i = 0; i < batches; i++) {
        crew->ring[i] = batch_new();
    }
    must(pthread_mutex_init(&crew->mutex, NULL));
    must(pthread_cond_init(&crew->moved, NULL));
    if (crew->worker_count > 0) {
        must(pthread_create(&crew->reader, NULL, read_batches, crew));
    }
    for (unsigned i = 0; i < crew->worker_count; i++) {
        crew->workers[i] = (struct worker){.crew = crew, .number = i};
        must(pthread_create(&crew->workers[i].thread, NULL, work_batches, &crew->workers[i]));
    }
    return crew;
}

static struct batch *work_alone(struct crew *crew)
{
    struct batch *batch = crew->ring[0];
    batch_clear(batch);
    crew->source.fill(crew->source.context, batch);
    for (unsigned i = 0; i < SHARDS; i++) {
        shard_work(crew->shards[i], batch);
    }
    crew->over = batch->last;
    return batch;
}

/* Has every worker done batch `number`? */
static bool is_finished(const struct crew *crew, uint64_t number)
{
    for (unsigned i = 0; i < crew->worker_count; i++) {
        if (crew->workers[i].done <= number) {
            return false;
        }
    }
    return true;
}

struct batch *crew_next(struct crew *crew)
{
    if (crew->over) {
        return NULL;
    }
    if (crew->worker_count == 0) {
        return work_alone(crew);
    }
    must(pthread_mutex_lock(&crew->mutex));
    while (!is_finished(crew, crew->taken)) {
        must(pthread_cond_wait(&crew->moved, &crew->mutex));
    }
    struct batch *batch = slot(crew, crew->taken++);
    must(pthread_mutex_unlock(&crew->mutex));
    crew->over = batch->last;
    return batch;
}

void crew_done(struct crew *crew, struct batch *batch)
{
    (void)batch;
    if (crew->worker_count == 0) {
        return;
    }
    must(pthread_mutex_lock(&crew->mutex));
    crew->returned++;
    must(pthread_cond_broadcast(&crew->moved));
    must(pthread_mutex_unlock(&crew->mutex));
}

void crew_free(struct crew *crew)
{
    for (unsigned i = 0; i < crew->worker_count; i++) {
        must(pthread_join(crew->workers[i].thread, NULL));
    }
    if (crew->worker_count > 0) {
        must(pthread_join(crew->reader, NULL));
    }
    must(pthread_cond_destroy(&crew->moved));
    must(pthread_mutex_destroy(&crew->mutex));
    for (unsigned i = 0; i < RING && crew->ring[i]; i++) {
        batch_free(crew->ring[i]);
    }
    free(crew);
}
