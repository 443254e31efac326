/*
 * Group chat as stories (engine_script.h): what happens, and every change that follows.
 */
#include "tests/unit/engine_script.h"

/* clang-format off */
static const struct story stories[] = {
    {"sign-in by lookup, then the channel: facts 4.1",
     "1 invite 1 ann e1 lookup trying\n"
     "2 invite 1 ann e1 lookup confirmed\n"
     "3 cmd 1 #1 ann e1 requri 100\n"
     "3.1 answer 1 #1 200\n"
     "4 rpl 1 ann e1 requri 100 200\n"
     "5 end 1 ann client\n"
     "6 invite 2 ann e1 chat trying\n"
     "7 invite 2 ann e1 chat confirmed\n"
     "8 cmd 2 #2 ann e1 bjoin 101 ops dev gone lost\n"
     "8.1 answer 2 #2 200\n"
     "9 rpl 2 ann e1 bjoin 101 200 ops=Ops_Bridge:ann,bob dev:ann !gone\n"
     "10 ntc 2 ann e1 join ops cyd\n"
     "11 ntc 2 ann e1 part ops bob\n"
     "12 cmd 2 #3 ann e1 part 102 ops\n"
     "12.1 answer 2 #3 200\n"
     "12.5 rpl 2 ann e1 part 102 200 ops\n"
     "20 end 2 ann client\n",
     "1 session 1 ann/e1 d1 unknown->inviting lookup\n"
     "2 session 1 ann/e1 d1 inviting->connected lookup\n"
     "3 command 1 requri sent\n"
     "3.1 command 1 requri accepted\n"
     "4 command 1 requri answered code=200\n"
     "5 session 1 ann/e1 d1 connected->closed lookup (bye by client)\n"
     "6 session 2 ann/e1 d2 unknown->inviting\n"
     "7 session 2 ann/e1 d2 inviting->connected\n"
     "8 command 2 bjoin sent\n"
     "8 member @2 ops none->joining\n"
     "8 member @2 dev none->joining\n"
     "8 member @2 gone none->joining\n"
     "8 member @2 lost none->joining\n"
     "8.1 command 2 bjoin accepted\n"
     "9 command 2 bjoin answered code=200\n"
     "9 room ops 'Ops Bridge'\n"
     "9 member @2 ops joining->joined\n"
     "9 roster @2 ops +ann\n"
     "9 roster @2 ops +bob\n"
     "9 member @2 dev joining->joined\n"
     "9 roster @2 dev +ann\n"
     "9 member @2 gone joining->failed (OPERATION_FAILED)\n"
     "9 member @2 lost joining->failed (absent)\n"
     "10 roster @2 ops +cyd notice\n"
     "11 roster @2 ops -bob notice\n"
     "12 command 3 part sent\n"
     "12 member @2 ops joined->leaving\n"
     "12.1 command 3 part accepted\n"
     "12.5 command 3 part answered code=200\n"
     "12.5 member @2 ops leaving->none\n"
     "20 session 2 ann/e1 d2 connected->closed (bye by client)\n"
     "20 member @2 dev joined->none (bye by client)\n"
     "20 member @2 gone failed->none (bye by client)\n"
     "20 member @2 lost failed->none (bye by client)\n"},

    {"a post and its copies; the echo may overtake the 200",
     "1 invite 1 ann e1 chat confirmed\n"
     "1 invite 2 bob b1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 join 1 ops\n"
     "2 rpl 1 ann e1 join 1 200 ops\n"
     "3 cmd 2 #2 bob b1 join 1 ops\n"
     "3 rpl 2 bob b1 join 1 200 ops\n"
     "4 post 1 #3 ann e1 ops ann two~lines 4\n"
     "4.1 copy 1 ann e1 901 ops ann two^lines 4\n"
     "4.2 answer 1 #3 200\n"
     "4.3 copy 2 bob b1 902 ops ann two^lines 4\n"
     "5 post 1 #4 ann e1 ops ann two^lines 5\n"
     "5.1 answer 1 #4 200\n"
     "5.2 copy 2 bob b1 903 ops ann two^lines 5\n"
     "5.3 copy 2 bob b1 904 ops ann two^lines 5\n"
     "5.4 copy 2 bob b1 903 ops ann two^lines 5\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "1 session 2 bob/b1 d2 unknown->connected\n"
     "2 command 1 join sent\n"
     "2 member @1 ops none->joining\n"
     "2 command 1 join answered code=200\n"
     "2 member @1 ops joining->joined\n"
     "3 command 2 join sent\n"
     "3 member @2 ops none->joining\n"
     "3 command 2 join answered code=200\n"
     "3 member @2 ops joining->joined\n"
     "4 post 1 sent @1 ops ann 'two\r\nlines' joined\n"
     "4.1 post 1 delivered @1 ops ann 'two\nlines' joined echo\n"
     "4.2 post 1 accepted @1 ops ann '' joined\n"
     "4.3 post 1 delivered @2 ops ann 'two\nlines' joined\n"
     "5 post 2 sent @1 ops ann 'two\nlines' joined\n"
     "5.1 post 2 accepted @1 ops ann '' joined\n"
     "5.2 post 2 delivered @2 ops ann 'two\nlines' joined\n"
     "5.3 post 2 duplicate @2 ops ann 'two\nlines' joined\n"
     "5.4 post 2 duplicate @2 ops ann 'two\nlines' joined\n"},

    {"a refused post takes no copies until it is sent again; then it is the same message",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 post 1 #1 ann e1 ops ann hello 2\n"
     "3 answer 1 #1 503\n"
     "10 post 1 #2 ann e1 ops ann hello 10\n"
     "11 answer 1 #2 200\n"
     "12 copy 1 ann e1 901 ops ann hello 10\n"
     "20 post 1 #3 ann e1 ops eve spoof -\n"
     "21 answer 1 #3 503\n"
     "200 post 1 #4 ann e1 ops eve spoof 200\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 post 1 sent @1 ops ann 'hello' none\n"
     "3 post 1 refused @1 ops ann '' none\n"
     "10 post 1 sent @1 ops ann 'hello' none retry\n"
     "11 post 1 accepted @1 ops ann '' none retry\n"
     "12 member @1 ops none->joined assumed (message delivered)\n"
     "12 post 1 delivered @1 ops ann 'hello' joined echo retry\n"
     "20 post 2 sent @1 ops eve 'spoof' joined mismatch no-ts\n"
     "21 post 2 refused @1 ops eve '' joined mismatch no-ts\n"
     "200 post 3 sent @1 ops eve 'spoof' joined mismatch\n"},

    {"a session that was there before the capture",
     "1 copy 5 ann e1 901 ops bob hi 1\n"
     "2 cmd 5 #1 ann e1 part 7 ops\n"
     "3 rpl 5 ann e1 part 7 404\n"
     "4 rpl 5 ann e1 getpref 3 200\n"
     "5 post 5 #2 ann e1 dev ann yo 5\n"
     "6 answer 5 #2 200\n"
     "7 ntc 5 ann e1 part dev ann\n",
     "1 session 1 ann/e1 d5 unknown->connected (its beginning was not captured)\n"
     "1 member @1 ops unknown->joined assumed (message delivered)\n"
     "1 post 1 delivered @1 ops bob 'hi' joined uncaptured\n"
     "2 command 1 part sent\n"
     "2 member @1 ops joined->leaving\n"
     "3 command 1 part failed code=404\n"
     "3 member @1 ops leaving->joined assumed (TEXT)\n"
     "4 command 0 getpref unmatched code=200\n"
     "5 post 2 sent @1 dev ann 'yo' unknown\n"
     "6 member @1 dev unknown->joined assumed (post accepted)\n"
     "6 post 2 accepted @1 dev ann '' joined\n"
     "7 roster @1 dev -ann notice\n"
     "7 member @1 dev joined->unknown (notice names the user)\n"},

    {"a delivery after a part leaves the membership alone",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 join 1 ops\n"
     "2 rpl 1 ann e1 join 1 200 ops\n"
     "3 cmd 1 #2 ann e1 part 2 ops\n"
     "3 rpl 1 ann e1 part 2 200\n"
     "4 copy 1 ann e1 901 ops bob late 4\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 join sent\n"
     "2 member @1 ops none->joining\n"
     "2 command 1 join answered code=200\n"
     "2 member @1 ops joining->joined\n"
     "3 command 2 part sent\n"
     "3 member @1 ops joined->leaving\n"
     "3 command 2 part answered code=200\n"
     "3 member @1 ops leaving->none\n"
     "4 post 1 delivered @1 ops bob 'late' none uncaptured\n"},

    {"a crashed client: the old dialog's copies count for nothing (S19)",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 join 1 ops\n"
     "2 rpl 1 ann e1 join 1 200 ops:ann\n"
     "10 invite 2 ann e1 chat trying\n"
     "11 invite 2 ann e1 chat confirmed\n"
     "12 cmd 2 #2 ann e1 join 1 ops\n"
     "12 rpl 2 ann e1 join 1 200 ops:ann\n"
     "20 copy 1 ann e1 901 ops bob hi 20\n"
     "20 response 1 INFO 487 chat\n"
     "21 copy 2 ann e1 902 ops bob hi 20\n"
     "22 ntc 1 ann e1 join ops cyd\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 join sent\n"
     "2 member @1 ops none->joining\n"
     "2 command 1 join answered code=200\n"
     "2 member @1 ops joining->joined\n"
     "2 roster @1 ops +ann\n"
     "10 session 1 ann/e1 d2 connected->inviting\n"
     "10 member @1 ops joined->none (new dialog)\n"
     "11 session 1 ann/e1 d2 inviting->connected\n"
     "12 command 2 join sent\n"
     "12 member @1 ops none->joining\n"
     "12 command 2 join answered code=200\n"
     "12 member @1 ops joining->joined\n"
     "12 roster @1 ops +ann\n"
     "21 post 1 delivered @1 ops bob 'hi' joined uncaptured\n"},

    {"disowned, then a new dialog",
     "1 copy 1 ann e1 901 ops bob one 1\n"
     "2 response 1 INFO 487 chat\n"
     "3 copy 1 ann e1 902 ops bob two 3\n"
     "4 copy 2 ann e1 903 ops bob two 3\n",
     "1 session 1 ann/e1 d1 unknown->connected (its beginning was not captured)\n"
     "1 member @1 ops unknown->joined assumed (message delivered)\n"
     "1 post 1 delivered @1 ops bob 'one' joined uncaptured\n"
     "2 session 1 ann/e1 d1 connected->stale (487 by client)\n"
     "4 session 1 ann/e1 d2 stale->connected (its beginning was not captured)\n"
     "4 post 2 delivered @1 ops bob 'two' joined uncaptured\n"},

    {"481: the session is lost, what waited is abandoned, the next INVITE continues it",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 join 1 ops\n"
     "2 answer 1 #1 200\n"
     "2.5 rpl 1 ann e1 join 1 200 ops\n"
     "3 cmd 1 #2 ann e1 bccontext 2 ops\n"
     "4 post 1 #3 ann e1 ops ann hey 4\n"
     "5 cmd 1 #4 ann e1 getinv 3\n"
     "6 answer 1 #4 481\n"
     "7 end 1 ann client\n"
     "8 invite 2 ann e1 chat trying\n"
     "9 invite 2 ann e1 chat refused\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 join sent\n"
     "2 member @1 ops none->joining\n"
     "2 command 1 join accepted\n"
     "2.5 command 1 join answered code=200\n"
     "2.5 member @1 ops joining->joined\n"
     "3 command 2 bccontext sent\n"
     "4 post 1 sent @1 ops ann 'hey' joined\n"
     "5 command 3 getinv sent\n"
     "6 command 3 getinv refused status=481\n"
     "6 session 1 ann/e1 d1 connected->closed (481)\n"
     "6 command 2 bccontext abandoned\n"
     "6 post 1 abandoned @1 ops ann '' joined\n"
     "6 member @1 ops joined->none (481)\n"
     "8 session 1 ann/e1 d2 closed->inviting\n"
     "9 session 1 ann/e1 d2 inviting->refused\n"},

    {"the service ends a session before it answers anything (S20)",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 getserverinfo 1\n"
     "2 answer 1 #1 200\n"
     "3 end 1 ann service\n"
     "4 cmd 1 #2 ann e1 getinv 2\n"
     "4 answer 1 #2 481\n"
     "5 cmd 1 #3 ann e1 getinv 3\n"
     "60 tick\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 getserverinfo sent\n"
     "2 command 1 getserverinfo accepted\n"
     "3 session 1 ann/e1 d1 connected->closed (bye by service)\n"
     "3 command 1 getserverinfo abandoned\n"
     "4 command 2 getinv sent\n"
     "4 command 2 getinv refused status=481\n"
     "5 command 3 getinv sent\n"
     "35 command 3 getinv abandoned\n"},

    {"replies: refused, failed, unmatched, and file tokens under their own name",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 join 1 ops\n"
     "3 answer 1 #1 503\n"
     "4 cmd 1 #2 ann e1 join 1 ops\n"
     "5 rpl 1 ann e1 join 1 403\n"
     "6 rpl 1 ann e1 join 1 403\n"
     "7 cmd 1 #3 ann e1 getfutok 2 ops\n"
     "8 rpl 1 ann e1 getftok 2 200\n"
     "8 answer 1 #3 200\n"
     "9 rpl 1 ann e1 bjoin 99 200 dev\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 join sent\n"
     "2 member @1 ops none->joining\n"
     "3 command 1 join refused status=503\n"
     "3 member @1 ops joining->failed (503)\n"
     "4 command 2 join sent\n"
     "4 member @1 ops failed->joining\n"
     "5 command 2 join failed code=403\n"
     "5 member @1 ops joining->failed (TEXT)\n"
     "6 command 2 join repeated code=403\n"
     "7 command 3 getfutok sent\n"
     "8 command 3 getfutok answered code=200\n"
     "9 command 0 bjoin unmatched code=200\n"
     "9 member @1 dev none->joined\n"},

    {"a later join reply is the authority on who is there",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 join 1 ops\n"
     "2 rpl 1 ann e1 join 1 200 ops:ann,bob\n"
     "3 cmd 1 #2 ann e1 join 2 ops\n"
     "3 rpl 1 ann e1 join 2 200 ops:ann,cyd\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 join sent\n"
     "2 member @1 ops none->joining\n"
     "2 command 1 join answered code=200\n"
     "2 member @1 ops joining->joined\n"
     "2 roster @1 ops +ann\n"
     "2 roster @1 ops +bob\n"
     "3 command 2 join sent\n"
     "3 member @1 ops joined->joined (asked again)\n"
     "3 command 2 join answered code=200\n"
     "3 roster @1 ops +ann\n"
     "3 roster @1 ops +cyd\n"
     "3 roster @1 ops -bob\n"},

    {"history is recognised, long after the post, and by every session alike",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 post 1 #1 ann e1 ops ann hello 2\n"
     "3 answer 1 #1 200\n"
     "500 invite 2 bob b1 chat confirmed\n"
     "501 cmd 2 #2 bob b1 bccontext 1 ops\n"
     "502 history 2 bob b1 1 ops ann hello 2.25\n"
     "503 history 2 bob b1 9 ops cyd older 1\n"
     "504 history 1 ann e1 9 ops cyd older 1\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 post 1 sent @1 ops ann 'hello' none\n"
     "3 post 1 accepted @1 ops ann '' none\n"
     "500 session 2 bob/b1 d2 unknown->connected\n"
     "501 command 1 bccontext sent\n"
     "502 command 1 bccontext answered code=200\n"
     "502 post 1 history @2 ops ann 'hello' none\n"
     "503 command 0 bccontext unmatched code=200\n"
     "503 post 2 history @2 ops cyd 'older' none uncaptured\n"
     "504 command 0 bccontext unmatched code=200\n"
     "504 post 2 history @1 ops cyd 'older' none uncaptured\n"},

    {"the same words twice by somebody whose own session is not captured",
     "1 invite 1 ann e1 chat confirmed\n"
     "1 invite 2 bob b1 chat confirmed\n"
     "2 copy 1 ann e1 901 ops cyd ok 2\n"
     "3 copy 2 bob b1 902 ops cyd ok 2\n"
     "9 copy 1 ann e1 903 ops cyd ok 9\n"
     "9 copy 2 bob b1 904 ops cyd ok 9\n"
     "10 copy 1 ann e1 905 ops cyd ok 9\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "1 session 2 bob/b1 d2 unknown->connected\n"
     "2 member @1 ops none->joined assumed (message delivered)\n"
     "2 post 1 delivered @1 ops cyd 'ok' joined uncaptured\n"
     "3 member @2 ops none->joined assumed (message delivered)\n"
     "3 post 1 delivered @2 ops cyd 'ok' joined uncaptured\n"
     "9 post 2 delivered @1 ops cyd 'ok' joined uncaptured\n"
     "9 post 2 delivered @2 ops cyd 'ok' joined uncaptured\n"
     "10 post 2 duplicate @1 ops cyd 'ok' joined uncaptured\n"},

    {"a text session that turns out to be chat, and one that does not",
     "1 invite 1 ann e1 im trying\n"
     "1 invite 1 ann e1 im confirmed\n"
     "2 invite 2 ann e1 im confirmed\n"
     "3 cmd 1 #1 ann e1 requri 1\n"
     "4 end 2 ann client\n"
     "5 end 1 ann client\n",
     "3 session 1 ann/e1 d1 unknown->connected lookup\n"
     "3 command 1 requri sent\n"
     "5 session 1 ann/e1 d1 connected->closed lookup (bye by client)\n"
     "5 command 1 requri abandoned\n"},

    {"a session timer, refreshed by UPDATE and by INVITE; rooms are kept (S16)",
     "1 invite 1 ann e1 chat trying\n"
     "1.5 response 1 INVITE 200 ann 720\n"
     "1.5 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 join 1 ops\n"
     "2 rpl 1 ann e1 join 1 200 ops\n"
     "700 response 1 UPDATE 200 ann\n"
     "1400 response 1 INVITE 200 ann 900 7\n"
     "1410 response 1 UPDATE 500 ann\n"
     "1411 response 1 INVITE 180 ann -1 8\n"
     "2000 copy 1 ann e1 901 ops bob hi 2000\n"
     "2100 end 1 ann client\n"
     "2101 response 1 UPDATE 200 ann\n",
     "1 session 1 ann/e1 d1 unknown->inviting\n"
     "1.5 session 1 ann/e1 d1 inviting->connected expires=720\n"
     "2 command 1 join sent\n"
     "2 member @1 ops none->joining\n"
     "2 command 1 join answered code=200\n"
     "2 member @1 ops joining->joined\n"
     "700 session 1 ann/e1 d1 connected->connected expires=720 renewed\n"
     "1400 session 1 ann/e1 d1 connected->connected expires=900 renewed\n"
     "2000 post 1 delivered @1 ops bob 'hi' joined uncaptured\n"
     "2100 session 1 ann/e1 d1 connected->closed expires=900 (bye by client)\n"
     "2100 member @1 ops joined->none (bye by client)\n"},

    {"481 to an INVITE within the dialog loses it, to the first one refuses it",
     "1 invite 1 ann e1 chat trying\n"
     "2 response 1 INVITE 481 ann\n"
     "2 invite 1 ann e1 chat refused\n"
     "3 invite 2 ann e1 chat confirmed\n"
     "4 response 2 INVITE 481 ann -1 5\n",
     "1 session 1 ann/e1 d1 unknown->inviting\n"
     "2 session 1 ann/e1 d1 inviting->refused\n"
     "3 session 1 ann/e1 d2 refused->connected\n"
     "4 session 1 ann/e1 d2 connected->closed (481)\n"},

    {"an INVITE that was refused is sent again under its Call-ID",
     "1 invite 1 ann e1 chat trying\n"
     "2 invite 1 ann e1 chat refused\n"
     "5 invite 1 ann e1 chat trying\n"
     "6 response 1 INVITE 200 ann 720 2\n"
     "6 invite 1 ann e1 chat confirmed\n"
     "7 cmd 1 #1 ann e1 getinv 1\n"
     "60 response 1 UPDATE 200 ann\n",
     "1 session 1 ann/e1 d1 unknown->inviting\n"
     "2 session 1 ann/e1 d1 inviting->refused\n"
     "5 session 1 ann/e1 d1 refused->inviting\n"
     "6 session 1 ann/e1 d1 inviting->connected expires=720\n"
     "7 command 1 getinv sent\n"
     "60 session 1 ann/e1 d1 connected->connected expires=720 renewed\n"},

    {"what looked like a lookup is the channel, and the other way round",
     "1 invite 1 ann e1 lookup confirmed\n"
     "2 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 join 1 ops\n"
     "3 invite 2 bob b1 chat trying\n"
     "4 invite 2 bob b1 lookup trying\n",
     "1 session 1 ann/e1 d1 unknown->connected lookup\n"
     "2 session 1 ann/e1 d1 connected->closed lookup (not a lookup)\n"
     "2 session 2 ann/e1 d1 unknown->connected\n"
     "2 command 1 join sent\n"
     "2 member @2 ops none->joining\n"
     "3 session 3 bob/b1 d2 unknown->inviting\n"
     "4 session 3 bob/b1 d2 inviting->closed (a lookup)\n"
     "4 session 4 bob/b1 d2 unknown->inviting lookup\n"},

    {"the session timer of a text session that turns out to be chat",
     "1 invite 1 ann e1 im trying\n"
     "2 response 1 INVITE 200 ann 600\n"
     "3 cmd 1 #1 ann e1 join 1 ops\n"
     "300 response 1 UPDATE 200 ann\n"
     "900 end 1 ann service\n",
     "3 session 1 ann/e1 d1 unknown->connected expires=600\n"
     "3 command 1 join sent\n"
     "3 member @1 ops none->joining\n"
     "300 session 1 ann/e1 d1 connected->connected expires=600 renewed\n"
     "900 session 1 ann/e1 d1 connected->closed expires=600 (bye by service)\n"
     "900 command 1 join abandoned\n"
     "900 member @1 ops joining->none (bye by service)\n"},

    {"two endpoints of one user are two sessions",
     "1 invite 1 ann e1 chat confirmed\n"
     "1 invite 2 ann e2 chat confirmed\n"
     "2 post 1 #1 ann e1 ops ann hi 2\n"
     "3 copy 1 ann e1 901 ops ann hi 2\n"
     "3 copy 2 ann e2 901 ops ann hi 2\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "1 session 2 ann/e2 d2 unknown->connected\n"
     "2 post 1 sent @1 ops ann 'hi' none\n"
     "3 member @1 ops none->joined assumed (message delivered)\n"
     "3 post 1 delivered @1 ops ann 'hi' joined echo\n"
     "3 member @2 ops none->joined assumed (message delivered)\n"
     "3 post 1 delivered @2 ops ann 'hi' joined echo\n"},
    {"a link that the database wrote as an element, and line ends, are the same text",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 post 1 #1 ann e1 ops ann see~http://x/?a&b 2\n"
     "3 copy 1 ann e1 901 ops ann see^<A_href='u'>http://x/?a&amp;b</A> 2\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 post 1 sent @1 ops ann 'see\r\nhttp://x/?a&b' none\n"
     "3 member @1 ops none->joined assumed (message delivered)\n"
     "3 post 1 delivered @1 ops ann 'see\n<A href='u'>http://x/?a&amp;b</A>' joined echo\n"},

    {"another text of the same second is an edited copy, where there is no choice",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 post 1 #1 ann e1 ops ann secret 2\n"
     "3 copy 1 ann e1 901 ops ann s***** 2\n"
     "4 post 1 #2 ann e1 ops ann one 4\n"
     "4 post 1 #3 ann e1 ops ann two 4\n"
     "5 copy 1 ann e1 902 ops ann three 4\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 post 1 sent @1 ops ann 'secret' none\n"
     "3 member @1 ops none->joined assumed (message delivered)\n"
     "3 post 1 delivered @1 ops ann 's*****' joined echo\n"
     "4 post 2 sent @1 ops ann 'one' joined\n"
     "4 post 3 sent @1 ops ann 'two' joined\n"
     "5 post 4 delivered @1 ops ann 'three' joined echo uncaptured\n"},

    {"a bot says the same thing; one session misses one copy, another comes late",
     "1 invite 1 ann e1 chat confirmed\n"
     "1 invite 2 bob b1 chat confirmed\n"
     "2 post 1 #1 ann e1 ops ann ping 2\n"
     "2 copy 1 ann e1 901 ops ann ping 2\n"
     "3 post 1 #2 ann e1 ops ann ping 3\n"
     "3 copy 1 ann e1 902 ops ann ping 3\n"
     "3 copy 2 bob b1 903 ops ann ping 3\n"
     "4 post 1 #3 ann e1 ops ann ping 4\n"
     "4 copy 2 bob b1 904 ops ann ping 4\n"
     "5 copy 2 bob b1 904 ops ann ping 4\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "1 session 2 bob/b1 d2 unknown->connected\n"
     "2 post 1 sent @1 ops ann 'ping' none\n"
     "2 member @1 ops none->joined assumed (message delivered)\n"
     "2 post 1 delivered @1 ops ann 'ping' joined echo\n"
     "3 post 2 sent @1 ops ann 'ping' joined\n"
     "3 post 2 delivered @1 ops ann 'ping' joined echo\n"
     "3 member @2 ops none->joined assumed (message delivered)\n"
     "3 post 2 delivered @2 ops ann 'ping' joined\n"
     "4 post 3 sent @1 ops ann 'ping' joined\n"
     "4 post 3 delivered @2 ops ann 'ping' joined\n"
     "5 post 3 duplicate @2 ops ann 'ping' joined\n"},
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

/* Each table at its cap says so once, and goes on. */
static void test_caps(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.sessions = 1;
    limits.rooms = 1;
    limits.room_members = 1;
    limits.pending = 1;
    limits.posts = 1;
    limits.remembered = 1;
    char caps[256];
    char *log = script_run("1 invite 1 ann e1 chat confirmed\n"
                           "2 cmd 1 #1 ann e1 join 1 ops dev\n"
                           "3 rpl 1 ann e1 join 1 200 ops:ann,bob\n"
                           "4 cmd 1 #2 ann e1 getinv 2\n"
                           "5 cmd 1 #3 ann e1 getinv 3\n"
                           "6 post 1 #4 ann e1 ops ann one 6\n"
                           "7 answer 1 #4 200\n"
                           "8 post 1 #5 ann e1 ops ann two 8\n"
                           "9 copy 1 ann e1 9 ops ann two 8\n"
                           "10 invite 2 bob b1 chat confirmed\n"
                           "11 copy 2 bob b1 9 ops ann two 8\n",
                           SCRIPT_PLAIN, &limits, caps);
    assert_string_equal(caps, "rooms room_members pending posts remembered sessions");
    assert_non_null(strstr(log, "9 post 2 delivered @1 ops ann 'two' joined echo\n"));
    assert_non_null(strstr(log, "11 post 2 delivered @2 ops ann 'two' joined\n"));
    free(log);
}

/* A session that connects again and again forgets its oldest dialogs, and says what that costs. */
static void test_many_dialogs(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    char story[2048];
    char caps[256];
    for (int waiting = 0; waiting < 2; waiting++) {
        size_t used = (size_t)snprintf(story, sizeof story, "1 invite 1 ann e1 chat confirmed\n%s",
                                       waiting ? "1 cmd 1 #1 ann e1 join 1 ops\n" : "");
        for (int i = 2; i < 20; i++) {
            used += (size_t)snprintf(story + used, sizeof story - used,
                                     "%d invite %d ann e1 chat confirmed\n", i, i);
        }
        free(script_run(story, SCRIPT_PLAIN, &limits, caps));
        assert_string_equal(caps, waiting ? "pending" : "");
    }
}

/* A bot that says the same thing all day long costs no more than one that does not. */
static void test_many_equal_posts(void **state)
{
    (void)state;
    enum { POSTS = 3000, LINE = 64 };
    char *story = malloc(POSTS * 2 * LINE + 2 * LINE);
    size_t used = (size_t)snprintf(story, LINE, "1 invite 1 ann e1 chat confirmed\n");
    for (int i = 0; i < POSTS; i++) {
        used += (size_t)snprintf(story + used, LINE, "2 post 1 #%d ann e1 ops ann ping -\n", i + 1);
    }
    for (int i = 0; i < POSTS; i++) {
        used += (size_t)snprintf(story + used, LINE, "3 copy 1 ann e1 %d ops ann ping -\n", i + 9);
    }
    char caps[256];
    char *log = script_run(story, SCRIPT_PLAIN, NULL, caps);
    assert_string_equal(caps, "");
    assert_non_null(strstr(log, "3 post 1 delivered"));
    assert_non_null(strstr(log, "3 post 3000 delivered"));
    assert_null(strstr(log, "duplicate"));
    assert_null(strstr(log, "uncaptured"));
    free(story);
    free(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_equal_posts),
        cmocka_unit_test(test_stories),
        cmocka_unit_test(test_caps),
        cmocka_unit_test(test_many_dialogs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
