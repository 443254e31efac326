/*
 * Presence as stories (engine_script.h): what happens, and every change that follows.
 */
#include "tests/unit/band_edges.h"
#include "tests/unit/engine_script.h"

/* clang-format off */
static const struct story stories[] = {
    {"endpoints register, are refreshed and leave",
     "1 register ann e1 3600\n"
     "2 register ann e2 60\n"
     "50 register ann e1 3600\n"
     "55 register bob b1 600 403\n"
     "100 register ann e1 0\n",
     "1 endpoint ann e1 registered until=3601\n"
     "2 endpoint ann e2 registered until=62\n"
     "50 endpoint ann e1 refreshed until=3650\n"
     "62 endpoint ann e2 expired until=62\n"
     "100 endpoint ann e1 unregistered until=3650\n"
     "100 presence ann unknown->offline - computed (last endpoint left)\n"},

    {"an unregistration of what registered before the capture says nothing of presence",
     "1 register ann e1 0\n",
     "1 endpoint ann e1 unregistered\n"},

    {"a publication counts from its 2xx; what nobody answers never counts",
     "1 service ann e1 200 state/603979776/2/userState/9500/86400 state/603979776/3/userState/6900/86400/urgent-interruptions-only\n"
     "2 service ann e1 none state/603979776/2/userState/3500/static\n"
     "3 service ann e1 409 state/603979776/2/userState/12500/static\n"
     "4 service ann e1 401 state/603979776/2/userState/15500/static\n"
     "5 service ann e1 200 -state/603979776/2 -state/603979776/3\n",
     "1 instance ann state/603979776/2 requested userState v0 9500\n"
     "1 instance ann state/603979776/3 requested userState v0 6900/urgent-interruptions-only\n"
     "1 instance ann state/603979776/2 live userState v1 9500 until=86401\n"
     "1 instance ann state/603979776/3 live userState v1 6900/urgent-interruptions-only until=86401\n"
     "1 presence ann unknown->do-not-disturb 9500 computed (publishes userState 9500)\n"
     "2 instance ann state/603979776/2 requested userState v0 3500\n"
     "3 instance ann state/603979776/2 requested userState v0 12500\n"
     "3 instance ann state/603979776/2 refused userState v0 12500 status=409\n"
     "4 instance ann state/603979776/2 requested userState v0 15500\n"
     "5 instance ann state/603979776/2 requested none v0 -\n"
     "5 instance ann state/603979776/3 requested none v0 -\n"
     "5 instance ann state/603979776/2 removed userState v1 9500 until=86401\n"
     "5 instance ann state/603979776/3 removed userState v1 6900/urgent-interruptions-only until=86401\n"
     "5 presence ann do-not-disturb->unknown - none (removes userState)\n"},

    {"a conflict names what was refused by its place; publishing again with the server's version is a new request",
     "1 service ann e1 409 state/1/2/userState/3500/static state/1/3/userState/3500/static !2=6 !3=7 !0=8\n"
     "2 service ann e1 409 state/1/2/userState/3500/static !1=2 !1=3\n"
     "3 service ann e1 403 state/1/2/userState/3500/static !1=2\n"
     "4 service ann e1 200 state/1/2/userState/3500/static !1=2\n",
     "1 instance ann state/1/2 requested userState v0 3500\n"
     "1 instance ann state/1/3 requested userState v0 3500\n"
     "1 instance ann state/1/2 refused userState v0 3500 status=409\n"
     "1 instance ann state/1/3 refused userState v0 3500 status=409\n"
     "1 instance ann state/1/3 conflict userState v0 3500 status=409 place=2 current=6\n"
     "2 instance ann state/1/2 requested userState v0 3500\n"
     "2 instance ann state/1/2 refused userState v0 3500 status=409\n"
     "2 instance ann state/1/2 conflict userState v0 3500 status=409 place=1 current=2\n"
     "2 instance ann state/1/2 conflict userState v0 3500 status=409 place=1 current=3\n"
     "3 instance ann state/1/2 requested userState v0 3500\n"
     "3 instance ann state/1/2 refused userState v0 3500 status=403\n"
     "4 instance ann state/1/2 requested userState v0 3500\n"
     "4 instance ann state/1/2 live userState v1 3500\n"
     "4 presence ann unknown->available 3500 computed (publishes userState 3500)\n"},

    {"timed Busy falls back to the static choice: vector 12",
     "1 service ann e1 200 state/536870912/2/userState/3500/static\n"
     "2 service ann e1 200 state/603979776/2/userState/6500/100\n"
     "200 tick\n",
     "1 instance ann state/536870912/2 requested userState v0 3500\n"
     "1 instance ann state/536870912/2 live userState v1 3500\n"
     "1 presence ann unknown->available 3500 computed (publishes userState 3500)\n"
     "2 instance ann state/603979776/2 requested userState v0 6500\n"
     "2 instance ann state/603979776/2 live userState v1 6500 until=102\n"
     "2 presence ann available->busy 6500 computed (publishes userState 6500)\n"
     "102 instance ann state/603979776/2 expired userState v1 6500 until=102\n"
     "102 presence ann busy->available 3500 computed (publication ran out)\n"},

    {"an endpoint takes its own publications with it, the last one those of the user",
     "1 register ann e1 3600\n"
     "1 register ann e2 3600\n"
     "2 service ann e1 200 state/805306369/2/machineState/3500/endpoint\n"
     "3 service ann e2 200 state/805306370/2/machineState/15500/endpoint note/0/200/none/-/user\n"
     "4 register ann e1 0\n"
     "5 register ann e2 0\n",
     "1 endpoint ann e1 registered until=3601\n"
     "1 endpoint ann e2 registered until=3601\n"
     "2 instance ann state/805306369/2 requested machineState v0 3500\n"
     "2 instance ann state/805306369/2 live machineState v1 3500\n"
     "2 presence ann unknown->available 3500 computed (publishes machineState 3500)\n"
     "3 instance ann state/805306370/2 requested machineState v0 15500\n"
     "3 instance ann note/0/200 requested none v0 -\n"
     "3 instance ann state/805306370/2 live machineState v1 15500\n"
     "3 instance ann note/0/200 live none v1 -\n"
     "4 endpoint ann e1 unregistered until=3601\n"
     "4 instance ann state/805306369/2 ended machineState v1 3500\n"
     "4 presence ann available->away 15500 computed (endpoint left)\n"
     "5 endpoint ann e2 unregistered until=3601\n"
     "5 instance ann state/805306370/2 ended machineState v1 15500\n"
     "5 instance ann note/0/200 ended none v1 -\n"
     "5 presence ann away->offline - computed (last endpoint left)\n"},

    {"the owner's document: inputs and aggregates in any order are one presence",
     "1 document ann state/536870912/2/userState/3500/static state/2147483649/2/phoneState/6500/endpoint/on-the-phone state/1/3/aggregateState/6900/user state/1/2/aggregateState/6500/user/on-the-phone state/1/32000/aggregateState/18500/static\n",
     "1 told ann of ann: available 3500 in 2 owner\n"
     "1 instance ann state/536870912/2 live userState v0 3500\n"
     "1 told ann of ann: busy 6500/on-the-phone in 2 owner\n"
     "1 instance ann state/2147483649/2 live phoneState v0 6500/on-the-phone\n"
     "1 told ann of ann: busy 6900 in 3 owner\n"
     "1 instance ann state/1/3 live aggregateState v0 6900\n"
     "1 told ann of ann: busy 6500/on-the-phone in 2 owner\n"
     "1 instance ann state/1/2 live aggregateState v0 6500/on-the-phone\n"
     "1 presence ann unknown->busy 6500/on-the-phone aggregate (aggregateState is 6500)\n"
     "1 told ann of ann: offline 18500 in 32000 owner\n"
     "1 instance ann state/1/32000 live aggregateState v0 18500\n"},

    {"a document without container 2: the first of the others, when it is complete",
     "1 document ann state/1/3/aggregateState/6900/user state/1/200/aggregateState/9500/user state/1/100/aggregateState/9000/user\n"
     "2 notify team ann 6900\n",
     "1 told ann of ann: busy 6900 in 3 owner\n"
     "1 instance ann state/1/3 live aggregateState v0 6900\n"
     "1 told ann of ann: do-not-disturb 9500 in 200 owner\n"
     "1 instance ann state/1/200 live aggregateState v0 9500\n"
     "1 told ann of ann: do-not-disturb 9000 in 100 owner\n"
     "1 instance ann state/1/100 live aggregateState v0 9000\n"
     "1 presence ann unknown->do-not-disturb 9500 aggregate (owner's own publications were seen)\n"
     "2 told team of ann: busy 6900\n"
     "2 presence ann do-not-disturb->busy 6900 notified (watcher was told 6900)\n"},

    {"a document with inputs only is computed when it is complete",
     "1 document ann state/536870912/2/userState/3500/static state/2147483649/2/phoneState/6500/endpoint/on-the-phone\n"
     "2 tick\n",
     "1 told ann of ann: available 3500 in 2 owner\n"
     "1 instance ann state/536870912/2 live userState v0 3500\n"
     "1 told ann of ann: busy 6500/on-the-phone in 2 owner\n"
     "1 instance ann state/2147483649/2 live phoneState v0 6500/on-the-phone\n"
     "1 presence ann unknown->busy 6500/on-the-phone computed (owner's own publications were seen)\n"},

    {"what watchers are told",
     "1 notify bob ann 3500\n"
     "2 notify cyd ann 18500\n"
     "3 poll dee ann 6500/on-the-phone\n"
     "4 notify bob ann -\n"
     "5 notify bob ann 2000\n",
     "1 told bob of ann: available 3500\n"
     "1 presence ann unknown->available 3500 notified (watcher was told 3500)\n"
     "2 told cyd of ann: offline 18500\n"
     "2 presence ann available->offline 18500 notified (watcher was told 18500)\n"
     "3 told dee of ann: busy 6500/on-the-phone polled\n"
     "3 presence ann offline->busy 6500/on-the-phone notified (watcher was told 6500)\n"
     "4 told bob of ann: offline -\n"
     "4 presence ann busy->offline - notified (aggregateState without availability)\n"
     "5 told bob of ann: undefined 2000\n"
     "5 presence ann offline->undefined 2000 notified (watcher was told 2000)\n"},

    {"of copies of one publication the one that says most counts, in any order",
     "10 notify blocked ann 18500 @9\n"
     "11 notify team ann 6900 @9\n"
     "12 notify public ann 9500 @9.2\n"
     "13 notify blocked ann 18500 @9\n"
     "14 notify late ann 3500 @2\n"
     "15 notify bob ann 3500 @15\n",
     "10 told blocked of ann: offline 18500\n"
     "10 presence ann unknown->offline 18500 notified (watcher was told 18500)\n"
     "11 told team of ann: busy 6900\n"
     "11 presence ann offline->busy 6900 notified (watcher was told 6900)\n"
     "12 told public of ann: do-not-disturb 9500\n"
     "12 presence ann busy->do-not-disturb 9500 notified (watcher was told 9500)\n"
     "13 told blocked of ann: offline 18500\n"
     "14 told late of ann: available 3500\n"
     "15 told bob of ann: available 3500\n"
     "15 presence ann do-not-disturb->available 3500 notified (watcher was told 3500)\n"},

    {"a watcher's copy does not undo the owner's aggregate of the same publication",
     "10 document ann state/1/2/aggregateState/9500/user@9\n"
     "11 notify team ann 6900 @9\n"
     "12 notify bob ann 3500 @12\n",
     "10 told ann of ann: do-not-disturb 9500 in 2 owner\n"
     "10 instance ann state/1/2 live aggregateState v0 9500\n"
     "10 presence ann unknown->do-not-disturb 9500 aggregate (aggregateState is 9500)\n"
     "11 told team of ann: busy 6900\n"
     "12 told bob of ann: available 3500\n"
     "12 presence ann do-not-disturb->available 3500 notified (watcher was told 3500)\n"},

    {"a machine that wakes does not end a Do not disturb from before the capture",
     "1 notify bob ann 9500\n"
     "2 service ann e1 200 state/805306369/2/machineState/5000/endpoint\n"
     "3 service ann e1 200 state/805306369/2/machineState/15500/endpoint\n",
     "1 told bob of ann: do-not-disturb 9500\n"
     "1 presence ann unknown->do-not-disturb 9500 notified (watcher was told 9500)\n"
     "2 instance ann state/805306369/2 requested machineState v0 5000\n"
     "2 instance ann state/805306369/2 live machineState v1 5000\n"
     "2 presence ann do-not-disturb->do-not-disturb 9500 computed (publishes machineState 5000)\n"
     "3 instance ann state/805306369/2 requested machineState v0 15500\n"
     "3 instance ann state/805306369/2 modified machineState v1 15500\n"
     "3 presence ann do-not-disturb->away 15500 computed (publishes machineState 15500)\n"},

    {"an input that comes and goes leaves what the server said before it",
     "1 notify bob ann 3500\n"
     "2 service ann e1 200 state/2147483649/2/phoneState/6500/endpoint/on-the-phone\n"
     "3 service ann e1 200 -state/2147483649/2\n",
     "1 told bob of ann: available 3500\n"
     "1 presence ann unknown->available 3500 notified (watcher was told 3500)\n"
     "2 instance ann state/2147483649/2 requested phoneState v0 6500/on-the-phone\n"
     "2 instance ann state/2147483649/2 live phoneState v1 6500/on-the-phone\n"
     "2 presence ann available->busy 6500/on-the-phone computed (publishes phoneState 6500)\n"
     "3 instance ann state/2147483649/2 requested none v0 -\n"
     "3 instance ann state/2147483649/2 removed phoneState v1 6500/on-the-phone\n"
     "3 presence ann busy->available 3500 notified (removes phoneState)\n"},

    {"a third-party call: published, refreshed, removed",
     "1 publish fay on-the-phone 600 - A 200\n"
     "500 publish fay - 600 A B 200\n"
     "900 publish fay - 0 B - 200\n",
     "1 pidf fay requested tag= 6500/on-the-phone\n"
     "1 pidf fay live tag=A 6500/on-the-phone until=601\n"
     "1 presence fay unknown->busy 6500/on-the-phone pidf (publishes PIDF 6500)\n"
     "500 pidf fay requested tag=A -\n"
     "500 pidf fay refreshed tag=B<A 6500/on-the-phone until=1100\n"
     "900 pidf fay requested tag=B -\n"
     "900 pidf fay removed tag=B 6500/on-the-phone until=1100\n"
     "900 presence fay busy->unknown - none (publication removed)\n"},

    {"a call ends by itself when its refresh is missed, at its deadline",
     "1 notify bob fay 3500\n"
     "2 publish fay on-the-phone 600 - A 200\n"
     "3 notify bob fay 6500/on-the-phone\n"
     "5000 tick\n"
     "5001 publish fay - 600 A - 412\n",
     "1 told bob of fay: available 3500\n"
     "1 presence fay unknown->available 3500 notified (watcher was told 3500)\n"
     "2 pidf fay requested tag= 6500/on-the-phone\n"
     "2 pidf fay live tag=A 6500/on-the-phone until=602\n"
     "2 presence fay available->busy 6500/on-the-phone computed (publishes PIDF 6500)\n"
     "3 told bob of fay: busy 6500/on-the-phone\n"
     "3 presence fay busy->busy 6500/on-the-phone notified (watcher was told 6500)\n"
     "602 pidf fay expired tag=A 6500/on-the-phone until=602\n"
     "602 presence fay busy->available 3500 notified (publication ran out)\n"
     "5001 pidf fay requested tag=A -\n"
     "5001 pidf fay refused tag=A - status=412\n"},

    {"a refresh in the last moment is in time, even when its answer is late",
     "0 publish fay on-the-phone 600 - A 200\n"
     "600 publish fay - 600 A B 200\n"
     "1200 publish fay - 600 B - none\n"
     "2000 tick\n",
     "0 pidf fay requested tag= 6500/on-the-phone\n"
     "0 pidf fay live tag=A 6500/on-the-phone until=600\n"
     "0 presence fay unknown->busy 6500/on-the-phone pidf (publishes PIDF 6500)\n"
     "600 pidf fay requested tag=A -\n"
     "600 pidf fay refreshed tag=B<A 6500/on-the-phone until=1200\n"
     "1200 pidf fay requested tag=B -\n"
     "1232 pidf fay expired tag=B 6500/on-the-phone until=1200\n"
     "1232 presence fay busy->unknown - none (publication ran out)\n"},

    {"away during a call stays when the call ends",
     "1 notify bob fay 3500\n"
     "2 publish fay on-the-phone 600 - A 200\n"
     "3 notify bob fay 15500\n"
     "4 publish fay - 0 A - 200\n",
     "1 told bob of fay: available 3500\n"
     "1 presence fay unknown->available 3500 notified (watcher was told 3500)\n"
     "2 pidf fay requested tag= 6500/on-the-phone\n"
     "2 pidf fay live tag=A 6500/on-the-phone until=602\n"
     "2 presence fay available->busy 6500/on-the-phone computed (publishes PIDF 6500)\n"
     "3 told bob of fay: away 15500\n"
     "3 presence fay busy->away 15500 notified (watcher was told 15500)\n"
     "4 pidf fay requested tag=A -\n"
     "4 pidf fay removed tag=A 6500/on-the-phone until=602\n"},

    {"a call over published inputs joins them as a phone state",
     "1 service fay e1 200 state/536870912/2/userState/3500/static\n"
     "2 publish fay on-the-phone 600 - A 200\n"
     "3 service fay e1 200 state/536870912/2/userState/9500/static\n"
     "4 publish fay - 0 A - 200\n",
     "1 instance fay state/536870912/2 requested userState v0 3500\n"
     "1 instance fay state/536870912/2 live userState v1 3500\n"
     "1 presence fay unknown->available 3500 computed (publishes userState 3500)\n"
     "2 pidf fay requested tag= 6500/on-the-phone\n"
     "2 pidf fay live tag=A 6500/on-the-phone until=602\n"
     "2 presence fay available->busy 6500/on-the-phone computed (publishes PIDF 6500)\n"
     "3 instance fay state/536870912/2 requested userState v0 9500\n"
     "3 instance fay state/536870912/2 modified userState v1 9500\n"
     "3 presence fay busy->do-not-disturb 9500 computed (publishes userState 9500)\n"
     "4 pidf fay requested tag=A -\n"
     "4 pidf fay removed tag=A 6500/on-the-phone until=602\n"},

    {"modified, refused, doubled and unknown publications",
     "1 publish fay away 600 - A 200\n"
     "2 publish fay busy 600 A B 200\n"
     "3 publish fay on-the-phone 600 - C 200\n"
     "4 publish fay - 600 B - 403\n"
     "5 publish fay - 600 Z Y 200\n"
     "6 publish fay - 0 B - 200\n",
     "1 pidf fay requested tag= 15500/away\n"
     "1 pidf fay live tag=A 15500/away until=601\n"
     "1 presence fay unknown->away 15500/away pidf (publishes PIDF 15500)\n"
     "2 pidf fay requested tag=A 6500/busy\n"
     "2 pidf fay modified tag=B<A 6500/busy until=602\n"
     "2 presence fay away->busy 6500/busy pidf (publishes PIDF 6500)\n"
     "3 pidf fay requested tag= 6500/on-the-phone\n"
     "3 pidf fay live tag=C 6500/on-the-phone until=603\n"
     "4 pidf fay requested tag=B -\n"
     "4 pidf fay refused tag=B - status=403\n"
     "5 pidf fay requested tag=Z -\n"
     "5 pidf fay refreshed tag=Y<Z - until=605\n"
     "6 pidf fay requested tag=B -\n"
     "6 pidf fay removed tag=B 6500/busy until=602\n"
     "6 presence fay busy->busy 6500/on-the-phone pidf (publication removed)\n"},

    {"published twice: each ends for itself, and the last one gives the presence back",
     "1 notify bob fay 3500\n"
     "2 publish fay on-the-phone 600 - A 200\n"
     "3 publish fay on-the-phone 600 - B 200\n"
     "4 notify bob fay 6500/on-the-phone\n"
     "5 publish fay - 0 A - 200\n"
     "6 notify bob fay 6500/on-the-phone\n"
     "500 publish fay - 600 B C 200\n"
     "2000 tick\n",
     "1 told bob of fay: available 3500\n"
     "1 presence fay unknown->available 3500 notified (watcher was told 3500)\n"
     "2 pidf fay requested tag= 6500/on-the-phone\n"
     "2 pidf fay live tag=A 6500/on-the-phone until=602\n"
     "2 presence fay available->busy 6500/on-the-phone computed (publishes PIDF 6500)\n"
     "3 pidf fay requested tag= 6500/on-the-phone\n"
     "3 pidf fay live tag=B 6500/on-the-phone until=603\n"
     "4 told bob of fay: busy 6500/on-the-phone\n"
     "4 presence fay busy->busy 6500/on-the-phone notified (watcher was told 6500)\n"
     "5 pidf fay requested tag=A -\n"
     "5 pidf fay removed tag=A 6500/on-the-phone until=602\n"
     "6 told bob of fay: busy 6500/on-the-phone\n"
     "500 pidf fay requested tag=B -\n"
     "500 pidf fay refreshed tag=C<B 6500/on-the-phone until=1100\n"
     "1100 pidf fay expired tag=C 6500/on-the-phone until=1100\n"
     "1100 presence fay busy->available 3500 notified (publication ran out)\n"},

    {"two different ones, of which the refresh of one is missed and of the other unanswered",
     "1 notify bob fay 3500\n"
     "2 publish fay on-the-phone 600 - A 200\n"
     "3 publish fay away 700 - B 200\n"
     "690 publish fay - 600 B - none\n"
     "2000 tick\n",
     "1 told bob of fay: available 3500\n"
     "1 presence fay unknown->available 3500 notified (watcher was told 3500)\n"
     "2 pidf fay requested tag= 6500/on-the-phone\n"
     "2 pidf fay live tag=A 6500/on-the-phone until=602\n"
     "2 presence fay available->busy 6500/on-the-phone computed (publishes PIDF 6500)\n"
     "3 pidf fay requested tag= 15500/away\n"
     "3 pidf fay live tag=B 15500/away until=703\n"
     "3 presence fay busy->away 15500/away computed (publishes PIDF 15500)\n"
     "602 pidf fay expired tag=A 6500/on-the-phone until=602\n"
     "690 pidf fay requested tag=B -\n"
     "722 pidf fay expired tag=B 15500/away until=703\n"
     "722 presence fay away->available 3500 notified (publication ran out)\n"},

    {"away for a while during a call, and back before it ends",
     "1 notify bob fay 3500\n"
     "2 publish fay on-the-phone 600 - A 200\n"
     "3 notify bob fay 15500\n"
     "4 notify bob fay 6500/on-the-phone\n"
     "5 publish fay - 600 A - 412\n",
     "1 told bob of fay: available 3500\n"
     "1 presence fay unknown->available 3500 notified (watcher was told 3500)\n"
     "2 pidf fay requested tag= 6500/on-the-phone\n"
     "2 pidf fay live tag=A 6500/on-the-phone until=602\n"
     "2 presence fay available->busy 6500/on-the-phone computed (publishes PIDF 6500)\n"
     "3 told bob of fay: away 15500\n"
     "3 presence fay busy->away 15500 notified (watcher was told 15500)\n"
     "4 told bob of fay: busy 6500/on-the-phone\n"
     "4 presence fay away->busy 6500/on-the-phone notified (watcher was told 6500)\n"
     "5 pidf fay requested tag=A -\n"
     "5 pidf fay refused tag=A - status=412\n"
     "5 presence fay busy->available 3500 notified (publication unknown to the server)\n"},

    {"away in the first call hides nothing of what lies under the second",
     "1 notify bob fay 3500\n"
     "2 publish fay on-the-phone 600 - A 200\n"
     "3 notify bob fay 15500\n"
     "4 publish fay - 0 A - 200\n"
     "5 notify bob fay 9500\n"
     "6 publish fay on-the-phone 600 - B 200\n"
     "7 notify bob fay 6500/on-the-phone\n"
     "8 publish fay - 0 B - 200\n",
     "1 told bob of fay: available 3500\n"
     "1 presence fay unknown->available 3500 notified (watcher was told 3500)\n"
     "2 pidf fay requested tag= 6500/on-the-phone\n"
     "2 pidf fay live tag=A 6500/on-the-phone until=602\n"
     "2 presence fay available->busy 6500/on-the-phone computed (publishes PIDF 6500)\n"
     "3 told bob of fay: away 15500\n"
     "3 presence fay busy->away 15500 notified (watcher was told 15500)\n"
     "4 pidf fay requested tag=A -\n"
     "4 pidf fay removed tag=A 6500/on-the-phone until=602\n"
     "5 told bob of fay: do-not-disturb 9500\n"
     "5 presence fay away->do-not-disturb 9500 notified (watcher was told 9500)\n"
     "6 pidf fay requested tag= 6500/on-the-phone\n"
     "6 pidf fay live tag=B 6500/on-the-phone until=606\n"
     "6 presence fay do-not-disturb->do-not-disturb 9500 computed (publishes PIDF 6500)\n"
     "7 told bob of fay: busy 6500/on-the-phone\n"
     "7 presence fay do-not-disturb->busy 6500/on-the-phone notified (watcher was told 6500)\n"
     "8 pidf fay requested tag=B -\n"
     "8 pidf fay removed tag=B 6500/on-the-phone until=606\n"
     "8 presence fay busy->unknown - none (publication removed)\n"},

    {"refusals leave the publication to its deadline, but for 412",
     "1 notify bob fay 3500\n"
     "2 publish fay on-the-phone 10 - A 423\n"
     "3 publish fay on-the-phone 600 - A 489\n"
     "4 publish fay on-the-phone 600 Z A 412\n"
     "5 publish fay on-the-phone 600 - A 200\n"
     "6 publish fay - 10 A - 423\n"
     "7 publish fay - 600 A - 489\n"
     "8 publish fay - 600 A - 503\n"
     "9 publish fay - 0 A - 500\n"
     "700 tick\n",
     "1 told bob of fay: available 3500\n"
     "1 presence fay unknown->available 3500 notified (watcher was told 3500)\n"
     "2 pidf fay requested tag= 6500/on-the-phone\n"
     "2 pidf fay refused tag= 6500/on-the-phone status=423\n"
     "3 pidf fay requested tag= 6500/on-the-phone\n"
     "3 pidf fay refused tag= 6500/on-the-phone status=489\n"
     "4 pidf fay requested tag=Z 6500/on-the-phone\n"
     "4 pidf fay refused tag=Z 6500/on-the-phone status=412\n"
     "5 pidf fay requested tag= 6500/on-the-phone\n"
     "5 pidf fay live tag=A 6500/on-the-phone until=605\n"
     "5 presence fay available->busy 6500/on-the-phone computed (publishes PIDF 6500)\n"
     "6 pidf fay requested tag=A -\n"
     "6 pidf fay refused tag=A - status=423\n"
     "7 pidf fay requested tag=A -\n"
     "7 pidf fay refused tag=A - status=489\n"
     "8 pidf fay requested tag=A -\n"
     "8 pidf fay refused tag=A - status=503\n"
     "9 pidf fay requested tag=A -\n"
     "9 pidf fay refused tag=A - status=500\n"
     "605 pidf fay expired tag=A 6500/on-the-phone until=605\n"
     "605 presence fay busy->available 3500 notified (publication ran out)\n"},

    {"after the last endpoint left, what the server says counts again",
     "1 register ann e1 600\n"
     "2 notify bob ann 3500\n"
     "700 tick\n"
     "701 notify bob ann 15500\n"
     "702 register ann e1 600\n",
     "1 endpoint ann e1 registered until=601\n"
     "2 told bob of ann: available 3500\n"
     "2 presence ann unknown->available 3500 notified (watcher was told 3500)\n"
     "601 endpoint ann e1 expired until=601\n"
     "601 presence ann available->offline - computed (last endpoint left)\n"
     "701 told bob of ann: away 15500\n"
     "701 presence ann offline->away 15500 notified (watcher was told 15500)\n"
     "702 endpoint ann e1 registered until=1302\n"},

    {"subscriptions",
     "1 subscription 7 bob ann trying -\n"
     "1 subscription 7 bob ann confirmed 100\n"
     "50 subscription 7 bob ann confirmed 150\n"
     "60 subscription 7 bob ann confirmed 150\n"
     "200 tick\n"
     "201 subscription 7 bob ann terminated - expired\n"
     "202 subscription 8 cyd ann trying -\n"
     "203 subscription 8 cyd ann refused -\n"
     "204 subscription 9 dee ann confirmed 900\n"
     "205 subscription 9 dee ann terminated - deactivated\n",
     "1 subscription 7 bob->ann requested\n"
     "1 subscription 7 bob->ann active until=100\n"
     "50 subscription 7 bob->ann refreshed until=150\n"
     "150 subscription 7 bob->ann lapsed until=150 (expired)\n"
     "202 subscription 8 cyd->ann requested\n"
     "203 subscription 8 cyd->ann refused\n"
     "204 subscription 9 dee->ann active until=900\n"
     "205 subscription 9 dee->ann terminated until=900 (deactivated)\n"},
};
/* clang-format on */

static void test_stories(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        story_check(&stories[i]);
        story_check_prefixes(&stories[i]);
    }
}

/* Every edge of a band: as an input of either container, and as the server's aggregate. */
static void test_edges(void **state)
{
    (void)state;
    static const char *const forms[][2] = {
        {"1 service ann e1 200 state/536870912/2/userState/%d/static\n", "computed"},
        {"1 service ann e1 200 state/536870912/3/userState/%d/static\n", "computed"},
        {"1 document ann state/1/2/aggregateState/%d/user\n", "aggregate"},
        {"1 notify bob ann %d\n", "notified"},
    };
    for (size_t i = 0; i < sizeof band_edges / sizeof band_edges[0]; i++) {
        for (size_t form = 0; form < sizeof forms / sizeof forms[0]; form++) {
            char story[256];
            char expected[256];
            snprintf(story, sizeof story, forms[form][0], band_edges[i].number);
            snprintf(expected, sizeof expected, "presence ann unknown->%s %d %s (",
                     band_name(band_edges[i].band), band_edges[i].number, forms[form][1]);
            char *log = script_run(story, SCRIPT_PLAIN, NULL, NULL);
            if (!strstr(log, expected)) {
                fail_msg("%s\n%s", expected, log);
            }
            free(log);
        }
    }
}

/* Each table at its cap says so once, and goes on. */
static void test_caps(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.users = 1;
    limits.instances = 1;
    limits.watched = 1;
    limits.pending = 1;
    char caps[256];
    char *log = script_run("1 service ann e1 none state/1/2/userState/3500/static\n"
                           "2 service ann e1 200 state/2/2/userState/3500/static\n"
                           "3 service ann e1 200 state/3/2/userState/3500/static\n"
                           "4 notify ann bob 3500\n"
                           "5 subscription 1 ann bob confirmed 100\n"
                           "6 subscription 2 ann cyd confirmed 100\n"
                           "7 publish ann busy 600 - A none\n"
                           "8 publish ann busy 600 - B 200\n",
                           SCRIPT_PLAIN, &limits, caps);
    assert_string_equal(caps, "pending instances users watched");
    assert_non_null(strstr(log, "8 pidf ann live tag=B"));
    free(log);
}

static void no_cap(void *context, const struct event *event)
{
    (void)context;
    fail_msg("cap %.*s", SLICE_ARGS(event->as.coverage.detail));
}

/* ---- rows of databases ---- */

struct row_step {
    const char *category;
    uint32_t instance;
    uint32_t container;
    int64_t time;
    enum state_kind kind;
    int64_t availability;
    int64_t lifetime; /* seconds; 0 = not by time */
};

struct row_case {
    const char *what;
    struct row_step steps[5];
    size_t count;
    bool whole;
    enum band band;
    int64_t availability;
    enum presence_source source;
    size_t origin; /* step whose row is the change's */
    size_t inputs; /* live ones of container 2 */
    int64_t computed;
    bool agrees;
};

#define HOUR (3600 * TIME_SECOND)

/* clang-format off */
static const struct row_case row_cases[] = {
    {"inputs alone are computed",
     {{"state", 0x20000000, 2, 1 * HOUR, STATE_USER, 6500, 0}}, 1, false,
     BAND_BUSY, 6500, SOURCE_COMPUTED, 0, 1, 6500, true},
    {"the server's word of container 2 counts, also with an input that is newer",
     {{"state", 0x30000001, 2, 3 * HOUR, STATE_MACHINE, 3500, 0},
      {"state", 1, 2, 2 * HOUR, STATE_AGGREGATE, 15500, 0}}, 2, true,
     BAND_AWAY, 15500, SOURCE_DATABASE, 1, 1, 3500, false},
    {"container 200 says less than container 2",
     {{"state", 1, 200, 5 * HOUR, STATE_AGGREGATE, 3500, 0},
      {"state", 1, 2, 2 * HOUR, STATE_AGGREGATE, 9500, 0}}, 2, true,
     BAND_DO_NOT_DISTURB, 9500, SOURCE_DATABASE, 1, 0, AVAILABILITY_NONE, true},
    {"the blocked container says nothing of the user",
     {{"state", 1, 200, 5 * HOUR, STATE_AGGREGATE, 3500, 0},
      {"state", 0, 32000, 6 * HOUR, STATE_AGGREGATE, 18500, 0}}, 2, true,
     BAND_AVAILABLE, 3500, SOURCE_DATABASE, 1, 0, AVAILABILITY_NONE, true},
    {"a row that runs out later counts now",
     {{"state", 0x24000000, 2, 1 * HOUR, STATE_USER, 9500, 24 * 3600}}, 1, true,
     BAND_DO_NOT_DISTURB, 9500, SOURCE_COMPUTED, 0, 1, 9500, true},
    {"no times at all",
     {{"state", 0x20000000, 2, TIME_NONE, STATE_USER, 6500, 0},
      {"state", 1, 2, TIME_NONE, STATE_AGGREGATE, 6500, 0}}, 2, true,
     BAND_BUSY, 6500, SOURCE_DATABASE, 1, 1, 6500, true},
    {"an aggregateState without a number is offline",
     {{"state", 1, 2, 1 * HOUR, STATE_AGGREGATE, AVAILABILITY_NONE, 0}}, 1, true,
     BAND_OFFLINE, AVAILABILITY_NONE, SOURCE_DATABASE, 0, 0, AVAILABILITY_NONE, true},
};
/* clang-format on */

struct row_result {
    struct presence_change presence;
    struct origin origin;
    size_t changes;
    bool has_aggregate;
    struct aggregate_change aggregate;
    bool cites_rows; /* every input and the server's word name their row */
};

static void keep_result(void *context, const struct change *change)
{
    struct row_result *result = context;
    if (change->kind == CHANGE_PRESENCE) {
        result->presence = change->as.presence;
        result->origin = change->origin;
        result->changes++;
    } else if (change->kind == CHANGE_AGGREGATE && change->as.aggregate.container == 2) {
        const struct aggregate_change *aggregate = &change->as.aggregate;
        result->has_aggregate = true;
        result->aggregate = *aggregate;
        result->cites_rows = !aggregate->told || aggregate->server_origin.row;
        for (size_t i = 0; i < aggregate->input_count; i++) {
            result->cites_rows = result->cites_rows && aggregate->inputs[i].origin.row;
        }
    }
}

static struct event row_event(const struct row_step *step, const struct origin_row *row, bool whole)
{
    struct event event = {.kind = EVENT_CATEGORY, .origin = {.time = step->time, .row = row}};
    event.as.category = (struct category_fact){
        .key = {slice_of("ann@x"), slice_of(step->category), step->instance, step->container, true,
                true},
        .expire_type = step->lifetime > 0 ? EXPIRE_TIME : EXPIRE_STATIC,
        .expires = step->lifetime > 0 ? step->lifetime : -1,
        .publish_time = step->time,
        .whole = whole,
        .has_value = true,
        .value = {.kind = step->kind, .availability = step->availability},
    };
    return event;
}

/* Rows have no message and may have no time; in whatever order they come, they are one state. */
static void test_database_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof row_cases / sizeof row_cases[0]; i++) {
        const struct row_case *story = &row_cases[i];
        struct row_result result = {.changes = 0};
        struct change_sink sink = {keep_result, &result};
        struct event_sink caps = {no_cap, NULL};
        struct limits limits = limits_default();
        struct engine *engine = engine_new(test_seed(), &limits, &sink, &caps);
        struct origin_row rows[5];
        for (size_t j = 0; j < story->count; j++) {
            rows[j] = (struct origin_row){.table = slice_of("PublishedInstance")};
            struct event event = row_event(&story->steps[j], &rows[j], story->whole);
            engine_feed(engine, &event);
            if (result.changes != 0) {
                fail_msg("%s: said before all rows were in", story->what);
            }
        }
        engine_end(engine, 12 * HOUR);
        if (result.changes != 1 || result.presence.band != story->band ||
            result.presence.availability != story->availability ||
            result.presence.source != story->source || result.origin.row != &rows[story->origin] ||
            result.aggregate.input_count != story->inputs ||
            (result.has_aggregate &&
             (result.aggregate.computed != story->computed ||
              result.aggregate.agrees != story->agrees || !result.cites_rows ||
              result.aggregate.complete != story->whole))) {
            fail_msg("%s: %zu changes, %s %d source %d row %td, %zu inputs computed %d",
                     story->what, result.changes, band_name(result.presence.band),
                     (int)result.presence.availability, (int)result.presence.source,
                     result.origin.row - rows, result.aggregate.input_count,
                     (int)result.aggregate.computed);
        }
        engine_free(engine);
    }
}

/* Time passes after the last row only: what runs out then is told with its row. */
static void test_database_row_runs_out(void **state)
{
    (void)state;
    static const struct row_step steps[] = {
        {"state", 0x24000000, 2, 1 * HOUR, STATE_USER, 9500, 3600},
        {"state", 0x30000001, 2, 4 * HOUR, STATE_MACHINE, 3500, 0},
    };
    struct row_result result = {.changes = 0};
    struct change_sink sink = {keep_result, &result};
    struct event_sink caps = {no_cap, NULL};
    struct limits limits = limits_default();
    struct engine *engine = engine_new(test_seed(), &limits, &sink, &caps);
    struct origin_row rows[2] = {{.table = slice_of("a")}, {.table = slice_of("b")}};
    for (size_t i = 0; i < 2; i++) {
        struct event event = row_event(&steps[i], &rows[i], true);
        engine_feed(engine, &event);
    }
    assert_int_equal(result.changes, 0);
    engine_end(engine, 5 * HOUR);
    assert_int_equal(result.changes, 2);
    assert_int_equal(result.presence.band, BAND_AVAILABLE);
    assert_ptr_equal(result.origin.row, &rows[0]);
    engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stories),       cmocka_unit_test(test_edges),
        cmocka_unit_test(test_database_rows), cmocka_unit_test(test_database_row_runs_out),
        cmocka_unit_test(test_caps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
