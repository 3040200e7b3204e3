# SPDX-License-Identifier: Apache-2.0
# Blocks of a cluster and the barrier between them: lanes arrive and go on, and wait later until all lanes of the cluster that still live have arrived.
# Shared memory of the others is reached at addresses that mapa makes: an address of one's own, moved on by whole shared memories (memory_ops.py).


class Cluster:
    def __init__(self, blocks):
        self.blocks, self.phase, self.arrived = blocks, 0, 0
        self.since = {}    # (block, warp, lane) -> the phase in which it arrived
        self.waiting = []  # (warp, lane)

    @staticmethod
    def _key(warp, lane):
        return warp.block.number, warp.number, lane

    def arrive(self, warp, lane):
        self.since[self._key(warp, lane)] = self.phase
        self.arrived += 1
        warp.where[lane] += 1
        self.settle()

    def wait(self, warp, lane):
        if self.since.get(self._key(warp, lane), self.phase) < self.phase:
            warp.where[lane] += 1
        else:
            warp.asleep.add(lane)
            self.waiting.append((warp, lane))

    def settle(self):
        """Lets all go that wait once everybody has come; lanes that have ended need not."""
        if not self.arrived or self.arrived < sum(block.live for block in self.blocks):
            return
        self.phase, self.arrived = self.phase + 1, 0
        for warp, lane in self.waiting:
            warp.asleep.discard(lane)
            warp.where[lane] += 1
        self.waiting = []
