/*
 * analyzer/engine/chat_file.c: files from the command to the post, and rooms made by
 * web page.
 */
#include "tests/unit/engine_script.h"

static const struct story stories[] = {
    {"an upload, step by step, and posted by its name",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 ask 1 #1 ann e1 up 1 ops plan.docx\n"
     "3 token 1 ann e1 1 7\n"
     "4 web RequestUniqueFilenameWithExtension 1 7 ops\n"
     "5 web-answer RequestUniqueFilenameWithExtension 1 200 g.docx\n"
     "6 web AppendChunk 2 7 ops g.docx 0 30 50\n"
     "7 web-answer AppendChunk 2 200\n"
     "8 web AppendChunk 3 7 ops g.docx 0 30 50\n"
     "8 web-answer AppendChunk 3 200\n"
     "9 web AppendChunk 4 7 ops g.docx 30 20 50\n"
     "10 web-answer AppendChunk 4 200\n"
     "11 link 1 #2 ann e1 dev ma-filelink://x/g.docx\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 getfutok sent\n"
     "2 file 1 ann upload asked plan.docx 0/0\n"
     "3 command 1 getfutok answered code=200\n"
     "3 file 1 ann upload permitted plan.docx 0/0\n"
     "5 file 1 ann upload named plan.docx as g.docx 0/0\n"
     "7 file 1 ann upload carried plan.docx as g.docx 30/50\n"
     "10 file 1 ann upload carried plan.docx as g.docx 50/50\n"
     "10 file 1 ann upload complete plan.docx as g.docx 50/50\n"
     "11 post 1 sent @1 dev ann 'ma-filelink://x/g.docx' none\n"
     "11 file 1 ann upload posted plan.docx as g.docx 50/50\n"},

    {"a download: what came counts, what was refused does not",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 ask 1 #1 ann e1 down 1 ops copy.docx\n"
     "3 token 1 ann e1 1 8\n"
     "4 web GetFileSize 1 8 ops g.docx\n"
     "5 web-answer GetFileSize 1 200 - 0 50\n"
     "6 web DownloadChunk 2 8 ops g.docx 0\n"
     "7 web-answer DownloadChunk 2 200 - 50\n"
     "8 web DownloadChunk 3 8 ops g.docx 50\n"
     "9 web-answer DownloadChunk 3 500 - 50\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 getfdtok sent\n"
     "2 file 1 ann download asked copy.docx 0/0\n"
     "3 command 1 getfdtok answered code=200\n"
     "3 file 1 ann download permitted copy.docx 0/0\n"
     "7 file 1 ann download carried copy.docx as g.docx 50/50\n"
     "7 file 1 ann download complete copy.docx as g.docx 50/50\n"},

    {"denied by the service, and by the front end",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 ask 1 #1 ann e1 up 1 ops a.b\n"
     "3 token 1 ann e1 1 -\n"
     "4 ask 1 #2 ann e1 up 2 ops c.d\n"
     "5 answer 1 #2 503\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 getfutok sent\n"
     "2 file 1 ann upload asked a.b 0/0\n"
     "3 command 1 getfutok failed code=403\n"
     "3 file 1 ann upload denied a.b 0/0\n"
     "4 command 2 getfutok sent\n"
     "4 file 2 ann upload asked c.d 0/0\n"
     "5 command 2 getfutok refused status=503\n"
     "5 file 2 ann upload denied c.d 0/0\n"},

    {"the only upload of a room is what a link without a known name means; of two none is",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 ask 1 #1 ann e1 up 1 ops a.b\n"
     "3 token 1 ann e1 1 7\n"
     "4 link 1 #2 ann e1 ops ma-filelink:x\n"
     "5 ask 1 #3 ann e1 up 2 ops a.b\n"
     "6 token 1 ann e1 2 8\n"
     "7 ask 1 #4 ann e1 up 3 ops a.b\n"
     "8 token 1 ann e1 3 9\n"
     "9 link 1 #5 ann e1 ops ma-filelink:y\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 getfutok sent\n"
     "2 file 1 ann upload asked a.b 0/0\n"
     "3 command 1 getfutok answered code=200\n"
     "3 file 1 ann upload permitted a.b 0/0\n"
     "4 post 1 sent @1 ops ann 'ma-filelink:x' none\n"
     "4 file 1 ann upload posted a.b 0/0\n"
     "5 command 2 getfutok sent\n"
     "5 file 2 ann upload asked a.b 0/0\n"
     "6 command 2 getfutok answered code=200\n"
     "6 file 2 ann upload permitted a.b 0/0\n"
     "7 command 3 getfutok sent\n"
     "7 file 3 ann upload asked a.b 0/0\n"
     "8 command 3 getfutok answered code=200\n"
     "8 file 3 ann upload permitted a.b 0/0\n"
     "9 post 2 sent @1 ops ann 'ma-filelink:y' none\n"
     "9 file 0 ann upload posted 0/0\n"},

    {"a token for another room, and one that nobody saw given",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 ask 1 #1 ann e1 up 1 ops a.b\n"
     "3 token 1 ann e1 1 7\n"
     "4 web AppendChunk 1 7 dev g.b 0 5 5\n"
     "5 web AppendChunk 2 6 dev h.b 0 5 9\n"
     "6 web-answer AppendChunk 2 200\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 getfutok sent\n"
     "2 file 1 ann upload asked a.b 0/0\n"
     "3 command 1 getfutok answered code=200\n"
     "3 file 1 ann upload permitted a.b 0/0\n"
     "4 file 1 ann upload permitted a.b 0/0 elsewhere\n"
     "6 file 2  upload carried as h.b 5/9\n"},

    {"rooms made, named anew and deleted by page, once that was answered",
     "1 order CreateRoom 1 Rack\n"
     "2 web-answer CreateRoom 1 200\n"
     "3 order ModifyRoom 2 Move Rack ops\n"
     "4 web-answer ModifyRoom 2 200\n"
     "5 order ModifyRoom 3 Lost Move ops\n"
     "6 web-answer ModifyRoom 3 500\n"
     "7 order ModifyRoom 4 Move Move ops remove\n"
     "8 web-answer ModifyRoom 4 204\n",
     "2 room  'Rack' created\n"
     "4 room ops 'Move' modified was='Rack'\n"
     "8 room ops 'Move' removed\n"},

    {"an id that is no URI makes no room of its own",
     "1 order ModifyRoom 1 Move Rack =0b6f5a52-3f0e-4f0b-9a43-6d2c1f7e8a11\n"
     "2 web-answer ModifyRoom 1 200\n",
     "2 room  'Move' modified was='Rack'\n"},
};

static void files_go_their_way(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        story_check(&stories[i]);
        story_check_prefixes(&stories[i]);
    }
}

/* Hours of uploads leave nothing behind, and a full table says so. */
static void transfers_are_forgotten(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.pending = 4;
    char caps[256] = "";
    char story[4096] = "1 invite 1 ann e1 chat confirmed\n";
    for (int i = 1; i <= 12; i++) {
        size_t used = strlen(story);
        snprintf(story + used, sizeof story - used,
                 "%d ask 1 #%d ann e1 up %d ops a.b\n%d token 1 ann e1 %d %d\n", 10 * i, i, i,
                 10 * i + 1, i, 100 + i);
    }
    free(script_run(story, SCRIPT_PLAIN, &limits, caps));
    assert_non_null(strstr(caps, "pending"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_go_their_way),
        cmocka_unit_test(transfers_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
