#include "tests/tds/clients.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS = 512, STOP_SECONDS = 10 };

struct clients {
    struct server *server;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int sockets[CLIENTS]; /* the first `open` of them */
    unsigned open;
    unsigned number; /* of the connection that came last */
};

struct client {
    struct clients *clients;
    int socket;
    unsigned number;
};

struct clients *clients_new(struct server *server)
{
    struct clients *clients = calloc(1, sizeof *clients);
    if (!clients)
        abort();
    clients->server = server;
    pthread_mutex_init(&clients->lock, NULL);
    pthread_cond_init(&clients->changed, NULL);
    return clients;
}

/* Off the list before the socket is closed: its number may be another's at once. */
static void clients_leave(struct clients *clients, int socket)
{
    pthread_mutex_lock(&clients->lock);
    for (unsigned i = 0; i < clients->open; i++)
        if (clients->sockets[i] == socket) {
            clients->sockets[i] = clients->sockets[--clients->open];
            break;
        }
    close(socket);
    pthread_cond_signal(&clients->changed);
    pthread_mutex_unlock(&clients->lock);
}

static void *client_serve(void *argument)
{
    struct client client = *(struct client *)argument;
    free(argument);
    session_run(client.clients->server, client.socket, client.number);
    /* Now, and not when the thread ends: by then the process may have ended. */
    OPENSSL_thread_stop();
    clients_leave(client.clients, client.socket);
    return NULL;
}

void clients_accept(struct clients *clients, int listener)
{
    int socket = accept(listener, NULL, NULL);
    if (socket < 0)
        return;
    struct client *client = malloc(sizeof *client);
    if (!client)
        abort();
    pthread_mutex_lock(&clients->lock);
    if (clients->open == CLIENTS)
        abort();
    clients->sockets[clients->open++] = socket;
    *client = (struct client){clients, socket, ++clients->number};
    pthread_mutex_unlock(&clients->lock);
    pthread_t thread;
    if (pthread_create(&thread, NULL, client_serve, client) != 0)
        abort();
    pthread_detach(thread);
}

bool clients_stop(struct clients *clients)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += STOP_SECONDS;
    pthread_mutex_lock(&clients->lock);
    for (unsigned i = 0; i < clients->open; i++)
        shutdown(clients->sockets[i], SHUT_RDWR);
    int fault = 0;
    while (clients->open > 0 && fault == 0)
        fault = pthread_cond_timedwait(&clients->changed, &clients->lock, &until);
    const bool done = clients->open == 0;
    pthread_mutex_unlock(&clients->lock);
    return done;
}

void clients_free(struct clients *clients)
{
    pthread_cond_destroy(&clients->changed);
    pthread_mutex_destroy(&clients->lock);
    free(clients);
}
