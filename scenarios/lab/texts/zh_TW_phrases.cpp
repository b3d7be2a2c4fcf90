// Traditional Chinese: what the kit says around the first ten exercises, and what their checks ask.
#include <racecourse/scenarios/lab/phrases.h>

namespace racecourse::lab {
namespace {

using namespace phrase;

const TranslatedPhrases zh_tw(
    "zh_TW",
    {
        {kFolder,
         "每個資料夾是一個練習：一小段有並行錯誤的 C++。先讀 `STORY.md`，在 `answers.txt` "
         "裡判斷可能發生什麼，當排程器弄壞它，修好以 `my_` 開頭的檔案，再讓檢查告訴你對不對。"},
        {kToStatus, "你做到哪裡，接下來是什麼"},
        {kToCheck, "建置目前的練習並執行檢查"},
        {kToWatch, "每次存檔就做同樣的事"},
        {kToPlay, "當排程器，直到錯誤現形"},
        {kToStep, "一步一步看上一次的失敗；--play：自己接手"},
        {kToHint, "每個練習有三個提示"},
        {kToSkip, "留到以後"},
        {kToReset, "恢復成一開始的樣子"},
        {kColumns, "| 練習 | 內容 | 難度 |"},

        {kYourFile, "你的檔案：`{}`"},
        {kPromises, "它保證什麼：`{}`"},
        {kChecks, "檢查：`checks.cpp`；用 `racecourse lab check {}` 執行"},
        {kJudge, "先判斷：執行任何東西之前，在 `{}` 裡寫下可能發生什麼；檢查時會告訴你哪些對"},
        {kBreak, "弄壞它：`racecourse lab play {}` 讓你當排程器；讓錯誤現形的排程會存在 `{}`"},
        {kMend, "修好它：改你的檔案，直到每項檢查都通過"},
        {kTest, "測試它（自由選做）：在 `{}` 裡寫一個只對正確的程式才通過的測試；檢查時會拿你的程式和原來的程式來試"},
        {kAsks, "各項檢查，以及它們的要求："},

        {kJudgeForm, "執行任何東西之前先判斷：發下來的這份程式可能發生什麼？"},
        {kYesOrNo, "在每個冒號後面寫 yes 或 no。"},
        {kDataRace, "兩個執行緒碰同一塊記憶體，至少一個在寫，而且沒有東西決定先後"},
        {kAssertion, "所有執行緒都結束了，結果卻不該是這樣"},
        {kException, "沒有人接住的例外"},
        {kDeadlock, "誰也走不下去：互相等待"},
        {kLostWakeup, "有人睡著，而該叫醒它的通知早就來過了"},
        {kCheckers, "哪些檢查器看得到這個錯誤？寫 yes、no，或 sometimes（要看運氣）。"},
        {kExplore, "一次只讓一個執行緒走，搜尋幾千種排程"},
        {kTsan, "ThreadSanitizer，用真正的執行緒跑幾十次"},
        {kProperty, "隨機的工作內容和排程"},
        {kRelacy, "搜尋排程和 memory order，但只認得為它而寫的 atomic 和變數"},

        {kProgress, "{} / {}"},
        {kAllDone, "所有練習都完成了。"},
        {kTheStory, "故事"},
        {kTheFile, "你的檔案"},
        {kJudgeIt, "先判斷"},
        {kBeforeYouRun, "{}（在執行之前）"},
        {kBreakIt, "弄壞它"},
        {kTestIt, "測試它"},
        {kIfYouLike, "{}（自由選做）"},
        {kCheckIt, "檢查"},
        {kAtSaving, "存檔就檢查"},
        {kAHint, "提示"},

        {kPreparing, "準備建置，只有這一次……"},
        {kBuilding, "問題在建置：編譯器不接受。"},
        {kContract, "問題在契約，不在執行緒：一個執行緒就看得到。"},
        {kTwoThreads, "問題在並行：兩個執行緒，照這個順序。"},
        {kThreeThreads, "問題在並行：三個執行緒，照這個順序。"},
        {kOfProgress, "問題在進展：結果都對，但有人被不必要地擋住，或是等待時沒有睡著。"},
        {kAsked, "要求：{}"},
        {kFound, "發現：{}"},
        {kNoVerdict, "但是沒有結論：{}"},
        {kStep, "一步一步看："},
        {kOtherWays, "試別的走法："},
        {kForAHint, "要提示："},
        {kEveryEvent, "每個事件："},
        {kGreen, "每項檢查都通過了。"},
        {kRemember, "記住：{}"},
        {kReference, "一種正確的寫法，和原來的對照（- 原來，+ 改後）："},
        {kWatching, "正在看著 {}；按 q 和 Enter 結束"},

        {kJudged, "你判斷過了，{} / {} 題對："},
        {kJudgedBefore, "你判斷過了，{} / {} 題對；`{}` 會列出來。"},
        {kJudgedSome, "你判斷了 {} / {} 題；全部回答之後，下一次檢查會告訴你哪些對。"},
        {kToBeAnswered, "已回答 {} / {} 題（{}）；全部回答之後，`{}` 或這個指令會告訴你哪些對"},

        {kTestBuilding, "你的測試和{}放在一起建置不起來："},
        {kYourCode, "你的程式"},
        {kCodeAsItWas, "原來的程式"},
        {kTestCatches, "抓到這份程式了：{}"},
        {kTestMisses, "沒抓到這份程式，而有一項檢查發現了問題"},
        {kTestGreen, "對正確的程式通過"},
        {kTestFlags, "冤枉了這份程式，每項檢查都沒有發現問題：{}"},

        {kHint, "提示 {} / {}：{}"},
        {kOneMore, "下一個：{}"},
        {kLater, "{} 留到以後"},
        {kAsAtFirst, "{} 恢復成一開始的樣子"},
        {kKeptAs, "{} 保留成 {}"},

        // Accounts and transfers.
        {"withdraw() takes what the balance covers, and no more", "withdraw() 只提餘額夠付的，不會多提"},
        {"a negative amount throws std::invalid_argument", "負的金額會丟出 std::invalid_argument"},
        {"of two withdrawals of 800 from 1000 one succeeds (A1, A2)", "從 1000 各提 800 的兩筆，有一筆成功（A1、A2）"},
        {"no withdrawal and no deposit is lost (A2)", "任何提款和存款都不會遺失（A2）"},
        {"balance() is a balance that there was", "balance() 是真正有過的餘額"},
        {"of three withdrawals of 400 from 1000 two succeed (A1, A2)", "從 1000 各提 400 的三筆，有兩筆成功（A1、A2）"},
        {"the account is as large as its balance, so it holds no lock", "帳戶和餘額一樣大，所以裡面沒有鎖"},
        {"a transfer moves what the account covers, and no more", "轉帳只轉帳戶夠付的，不會多轉"},
        {"a transfer to the same account changes nothing and ends", "轉給同一個帳戶什麼都不改變，而且會結束"},
        {"two transfers in opposite directions both end (A3)", "兩筆方向相反的轉帳都會結束（A3）"},
        {"who holds both locks sees no money on the way (A2)", "同時握著兩個鎖的人看不到還在路上的錢（A2）"},
        {"three transfers in a circle all end (A3)", "繞成一圈的三筆轉帳都會結束（A3）"},
        {"while one account is held, transfers between others go through",
         "一個帳戶被握著時，其他帳戶之間的轉帳照樣完成"},

        // Flags.
        {"requested() is false until request(), and true from then on (S3)",
         "requested() 在 request() 之前是 false，之後一直是 true（S3）"},
        {"the worker ends and sees what was written before the request (S1, S2)",
         "工作者會結束，也看得到請求之前寫下的東西（S1、S2）"},
        {"whoever sees the request sees what was written before it (S2)",
         "看到請求的人，也看得到在那之前寫下的東西（S2）"},
        {"two workers end (S1)", "兩個工作者都會結束（S1）"},
        {"wait() returns at once after a request; wait_for() says whether there was one",
         "請求之後 wait() 立刻返回；wait_for() 說得出有沒有請求"},
        {"who sleeps in wait() is woken by the request (S1, S2)", "睡在 wait() 裡的人會被請求叫醒（S1、S2）"},
        {"both sleepers are woken", "兩個睡著的都會被叫醒"},
        {"who waits is asleep: it does not spin, and does not look now and then",
         "等待的人是睡著的：不自旋，也不會偶爾醒來看"},

        // Locks.
        {"acquire, try_acquire, try_acquire_for, release and locked do what they say",
         "acquire、try_acquire、try_acquire_for、release 和 locked 做到它們所說的"},
        {"release() of a free lock throws and changes nothing", "對沒人拿的鎖呼叫 release() 會丟出例外，什麼都不改變"},
        {"two threads count to two under the lock (L1, L2)", "兩個執行緒在鎖裡數到二（L1、L2）"},
        {"who comes again gets it again (L1, L3)", "再來的人再拿得到（L1、L3）"},
        {"try_acquire() excludes like acquire() (L1, L2)", "try_acquire() 和 acquire() 一樣互斥（L1、L2）"},
        {"three threads count to three (L1, L3)", "三個執行緒數到三（L1、L3）"},

        // Permits.
        {"permits are counted, and try_acquire() does not wait", "許可證數目正確，try_acquire() 不等待"},
        {"a release wakes who waits (M3)", "歸還會叫醒等待的人（M3）"},
        {"one permit guards a counter (M1, M4)", "一張許可證保護一個計數器（M1、M4）"},
        {"value() is a number that there was", "value() 是真正有過的數目"},
        {"never more than one of three has the one permit (M1, M2)",
         "唯一的許可證，三個之中從來最多一個拿著（M1、M2）"},
        {"never more than two of three have a permit (M1, M2)", "三個之中從來最多兩個拿著許可證（M1、M2）"},
        {"two permits for two sleepers wake both (M3)", "給兩個睡著的兩張許可證，兩個都會醒（M3）"},

        // Queues.
        {"items come out in the order in which they went in (Q1, Q3)", "項目照放進去的順序出來（Q1、Q3）"},
        {"join() returns when all is done (Q6)", "全部做完時 join() 返回（Q6）"},
        {"a producer and a consumer pass items through a queue of one (Q1, Q2)",
         "生產者和消費者透過容量一的佇列傳遞項目（Q1、Q2）"},
        {"qsize() is a size that there was", "qsize() 是真正有過的大小"},
        {"two getters get the two items that come (Q2, Q4)", "兩個拿的人拿到送來的兩個項目（Q2、Q4）"},
        {"the same through a queue of one, so that the putter waits too", "同樣的事，但容量是一，所以放的人也要等"},

        // Barriers.
        {"a barrier of one lets through at once, again and again", "只有一個人的 barrier 每次都立刻放行"},
        {"a timeout breaks it, a reset mends it (B5)", "逾時會弄壞它，reset 會修好它（B5）"},
        {"two threads keep in step over two phases (B1, B2, B4)", "兩個執行緒在兩個階段裡步調一致（B1、B2、B4）"},
        {"if one gave up, the other does not wait for it (B5)", "一個放棄了，另一個就不等它（B5）"},
        {"a reset sends away who waits (B5)", "reset 會打發等待的人（B5）"},
        {"three threads get the places 0, 1 and 2 (B1, B3)", "三個執行緒得到位置 0、1 和 2（B1、B3）"},
    });

}  // namespace
}  // namespace racecourse::lab
