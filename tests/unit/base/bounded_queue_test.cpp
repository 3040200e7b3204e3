// SPDX-License-Identifier: Apache-2.0
#include "common/base/bounded_queue.h"

#include <thread>
#include <vector>

namespace assay {
namespace {

TEST(BoundedQueue, RefusesAndCountsWhatIsOverItsCapacity) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.try_push(1));
  EXPECT_TRUE(queue.try_push(2));
  EXPECT_FALSE(queue.try_push(3));
  EXPECT_EQ(queue.refused(), 1U);
  EXPECT_EQ(queue.try_pop(), 1);
  EXPECT_EQ(queue.try_pop(), 2);
  EXPECT_EQ(queue.try_pop(), std::nullopt);
}

TEST(BoundedQueue, DrainsAfterCloseAndRefusesNewItems) {
  BoundedQueue<int> queue(4);
  EXPECT_TRUE(queue.try_push(1));
  queue.close();
  EXPECT_FALSE(queue.try_push(2));
  EXPECT_EQ(queue.pop(std::chrono::hours{1}), 1);
  EXPECT_EQ(queue.pop(std::chrono::hours{1}), std::nullopt) << "a closed queue does not wait";
}

TEST(BoundedQueue, HandsEveryItemOverOnceBetweenThreads) {
  BoundedQueue<int> queue(16);
  int64_t sum = 0;
  std::thread consumer([&] {
    while (const auto item = queue.pop(std::chrono::seconds{10})) sum += *item;
  });
  std::vector<std::thread> producers;
  for (int p = 0; p < 3; ++p) {
    producers.emplace_back([&queue] {
      for (int i = 1; i <= 1000; ++i) {
        int item = i;
        while (!queue.try_push(std::move(item))) std::this_thread::yield();
      }
    });
  }
  for (auto& producer : producers) producer.join();
  queue.close();
  consumer.join();
  EXPECT_EQ(sum, 3 * 500500);
}

}  // namespace
}  // namespace assay
