/*
 * The yardstick: the boot-memory allocator bit by bit, as its rules read and as a C programmer would write it down, to
 * race the allocator of this project against. It is compiled for one kernel, as a kernel is:
 *
 *     gcc -O2 -DBITS=64 -DPAGE_SHIFT=12 -DHAS_LIMIT=0 -DSTOPS_AT_END=0 -DSEARCH=0 yardstick.c -o yardstick
 *
 * It reads a list of calls, writes what each of them gave, and then replays them as often as a line of its standard
 * input says; for each line it prints the nanoseconds a replay.
 *
 *     yardstick CALLS OUTCOMES
 */
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#if BITS == 32
typedef uint32_t word;
#else
typedef uint64_t word;
#endif

#define PAGE_SIZE ((word)1 << PAGE_SHIFT)
#define ROUND_UP(x, a) (((x) + (a) - 1) & ~((word)(a) - 1))
#define unlikely(x) __builtin_expect(!!(x), 0)

enum { BITMAP_PAGES, INITIALISE, RESERVE, FREE, ALLOCATE, ALLOCATE_ON_NODE, HAND_OVER };
enum { OK = 1, NUMBER, ADDRESS, BUG, PANIC };

struct call {
	uint32_t op;
	int32_t node;
	word a, b, c, d;
};

struct node {
	word boot_start, low_pfn, last_pos, last_offset, last_success;
	word *map;
	word map_bits;
	word map_pfn;
	struct node *next;
};

struct page {
	uint32_t flags, count;
};

static struct node *nodes, *list;
static word **map_memory;
static int node_count;
static jmp_buf stop;

/* What the pages go to costs as little as it can: one page's worth of state for each bit of a word, and two sums. */
static struct page pages[BITS];
static word blocks_given, pages_given;

static void __attribute__((noreturn, cold)) end_with(int kind)
{
	longjmp(stop, kind);
}

#define BUG_ON(condition) do { if (unlikely(condition)) end_with(BUG); } while (0)

static inline int test_bit(const word *map, word i)
{
	return (map[i / BITS] >> (i % BITS)) & 1;
}

static inline void set_bit(word *map, word i)
{
	map[i / BITS] |= (word)1 << (i % BITS);
}

static inline int test_and_clear_bit(word *map, word i)
{
	word mask = (word)1 << (i % BITS);
	word old = map[i / BITS];

	map[i / BITS] = old & ~mask;
	return (old & mask) != 0;
}

static inline word lowest_zero(word x)
{
	return BITS == 64 ? __builtin_ctzll(~(uint64_t)x) : __builtin_ctz(~(uint32_t)x);
}

/* Words are skipped whole. Behind the map everything reads as 0. */
static word find_next_zero_bit(const struct node *node, word end, word from)
{
#if SEARCH == 1
	word stop_at = ROUND_UP(end, BITS), none = stop_at;
#elif SEARCH == 2
	word stop_at = ROUND_UP(end, 8), none = end;
#else
	word stop_at = end, none = end;
#endif
	word k = from / BITS, found;
	word bits;

	if (from >= stop_at)
		return none;
	if (from >= node->map_bits)
		return from;
	bits = node->map[k] | (((word)1 << (from % BITS)) - 1);
	while (bits == (word)-1) {
		k++;
		if (k * BITS >= stop_at)
			return none;
		if (k * BITS >= node->map_bits)
			return k * BITS;
		bits = node->map[k];
	}
	found = k * BITS + lowest_zero(bits);
	return found < stop_at ? found : none;
}

static word bitmap_pages(word page_count)
{
	word bytes = (page_count + 7) / 8;

	return ROUND_UP(bytes, PAGE_SIZE) >> PAGE_SHIFT;
}

static word initialise(struct node *node, word map_pfn, word start, word end)
{
	word bytes = ((end - start) + 7) / 8;

	bytes = ROUND_UP(bytes, BITS / 8);
	node->next = list;
	list = node;
	node->map = map_memory[node - nodes];
	node->map_bits = bytes * 8;
	node->map_pfn = map_pfn;
	node->boot_start = start << PAGE_SHIFT;
	node->low_pfn = end;
	memset(node->map, 0xff, bytes);
	return bytes;
}

static void reserve(struct node *node, word addr, word size)
{
	word first = (addr - node->boot_start) / PAGE_SIZE;
	word last = (addr + size - node->boot_start + PAGE_SIZE - 1) / PAGE_SIZE;
	word end = (addr + size + PAGE_SIZE - 1) / PAGE_SIZE;
	word i;

	BUG_ON(!size);
	BUG_ON(first >= last);
	BUG_ON((addr >> PAGE_SHIFT) >= node->low_pfn);
	BUG_ON(end > node->low_pfn);
	for (i = first; i < last; i++)
		set_bit(node->map, i);
}

static void release(struct node *node, word addr, word size)
{
	word last = (addr + size - node->boot_start) / PAGE_SIZE;
	word end = (addr + size) / PAGE_SIZE;
	word i;

	BUG_ON(!size);
	BUG_ON(end > node->low_pfn);
	if (addr < node->last_success)
		node->last_success = addr;
	i = (addr + PAGE_SIZE - 1) / PAGE_SIZE - node->boot_start / PAGE_SIZE;
	for (; i < last; i++)
		if (unlikely(!test_and_clear_bit(node->map, i)))
			end_with(BUG);
}

/* One node. 0: it gives nothing; an address is given through `address`. */
static int allocate_core(struct node *node, word size, word align, word goal, word limit, word *address)
{
	word offset = 0, preferred = 0, end_pfn = node->low_pfn;
	word i, j, start, area, step, end, bits;

	BUG_ON(!size);
	BUG_ON(align & (align - 1));
#if HAS_LIMIT
	if (limit && node->boot_start >= limit)
		return 0;
	limit >>= PAGE_SHIFT;
	if (limit && end_pfn > limit)
		end_pfn = limit;
#endif
	end = end_pfn - (node->boot_start >> PAGE_SHIFT);
	bits = node->map_bits;
	if (align && (node->boot_start & (align - 1)))
		offset = (align - (node->boot_start & (align - 1))) >> PAGE_SHIFT;
	if (goal && goal >= node->boot_start && (goal >> PAGE_SHIFT) < end_pfn) {
		preferred = goal - node->boot_start;
		if (node->last_success >= preferred && (!HAS_LIMIT || !limit || limit > node->last_success))
			preferred = node->last_success;
	}
	preferred = (ROUND_UP(preferred, align) >> PAGE_SHIFT) + offset;
	area = (size + PAGE_SIZE - 1) / PAGE_SIZE;
	step = align >> PAGE_SHIFT ? align >> PAGE_SHIFT : 1;
again:
	for (i = preferred; i < end;) {
		i = find_next_zero_bit(node, end, i);
		i = ROUND_UP(i, step);
		if (STOPS_AT_END && i >= end)
			break;
		if (i < bits && test_bit(node->map, i)) {
			i += step;
			continue;
		}
		for (j = i + 1; j < i + area; j++)
			if (j >= end || test_bit(node->map, j))
				goto failed;
		start = i;
		goto found;
failed:
		i = ROUND_UP(j, step) + step;
	}
	if (preferred > offset) {
		preferred = offset;
		goto again;
	}
	return 0;

found:
	node->last_success = start << PAGE_SHIFT;
	BUG_ON(start >= end);
	if (align < PAGE_SIZE && node->last_offset && node->last_pos + 1 == start) {
		word from = ROUND_UP(node->last_offset, align);
		word left = PAGE_SIZE - from;

		*address = node->last_pos * PAGE_SIZE + from + node->boot_start;
		if (size < left) {
			area = 0;
			node->last_offset = from + size;
		} else {
			word rest = size - left;

			area = (rest + PAGE_SIZE - 1) / PAGE_SIZE;
			node->last_pos = start + area - 1;
			node->last_offset = rest;
		}
		node->last_offset &= PAGE_SIZE - 1;
	} else {
		node->last_pos = start + area - 1;
		node->last_offset = size & (PAGE_SIZE - 1);
		*address = start * PAGE_SIZE + node->boot_start;
	}
	for (i = start; i < start + area; i++)
		set_bit(node->map, i);
	return 1;
}

static word allocate(word size, word align, word goal, word limit)
{
	struct node *node;
	word address;

	for (node = list; node; node = node->next)
		if (allocate_core(node, size, align, goal, limit, &address))
			return address;
	end_with(PANIC);
}

static void __attribute__((noinline)) give(word pfn, int order)
{
	(void)pfn;
	blocks_given++;
	pages_given += (word)1 << order;
}

static word hand_over(struct node *node)
{
	word n, i, pfn, total = 0, free_bits;
	int fast, first_set = __builtin_ffs((int)node->boot_start);

	BUG_ON(!node->map);
	n = node->low_pfn - (node->boot_start >> PAGE_SHIFT);
	fast = node->boot_start == 0 || first_set - PAGE_SHIFT > __builtin_ffs(BITS);
	pfn = node->boot_start >> PAGE_SHIFT;
	for (i = 0; i < n;) {
		free_bits = i < node->map_bits ? ~node->map[i / BITS] : (word)-1;
		if (fast && free_bits == (word)-1) {
			int j;

			total += BITS;
			for (j = 0; j < BITS; j++)
				pages[j].flags = 0;
			pages[0].count = 1;
			give(pfn + i, BITS == 64 ? 6 : 5);
			i += BITS;
		} else if (free_bits) {
			word mask;

			for (mask = 1; mask && i < n; mask <<= 1, i++)
				if (free_bits & mask) {
					total++;
					pages[i % BITS].flags = 0;
					pages[i % BITS].count = 1;
					give(pfn + i, 0);
				}
		} else {
			i += BITS;
		}
	}
	n = ((n / 8) + PAGE_SIZE - 1) / PAGE_SIZE;
	for (i = 0; i < n; i++) {
		total++;
		pages[0].count = 1;
		give(node->map_pfn + i, 0);
	}
	node->map = NULL;
	return total;
}

static void put(FILE *outcomes, int kind, uint64_t value)
{
	uint64_t both[2] = { (uint64_t)kind, value };

	if (outcomes)
		fwrite(both, sizeof(both), 1, outcomes);
}

/* All calls, from a machine without a node. */
static void __attribute__((noinline)) replay(const struct call *calls, uint32_t count, FILE *outcomes)
{
	const struct call *call, *end = calls + count;
	word value = 0;
	int ended;

	memset(nodes, 0, sizeof(*nodes) * node_count);
	list = NULL;
	ended = setjmp(stop);
	if (ended) {
		put(outcomes, ended, 0);
		return;
	}
	for (call = calls; call != end; call++) {
		int kind = OK;

		switch (call->op) {
		case BITMAP_PAGES:
			value = bitmap_pages(call->a);
			kind = NUMBER;
			break;
		case INITIALISE:
			value = initialise(nodes + call->node, call->a, call->b, call->c);
			kind = NUMBER;
			break;
		case RESERVE:
			reserve(nodes + call->node, call->a, call->b);
			break;
		case FREE:
			release(nodes + call->node, call->a, call->b);
			break;
		case ALLOCATE:
			value = allocate(call->a, call->b, call->c, call->d);
			kind = ADDRESS;
			break;
		case ALLOCATE_ON_NODE:
			if (!allocate_core(nodes + call->node, call->a, call->b, call->c, call->d, &value))
				value = allocate(call->a, call->b, call->c, call->d);
			kind = ADDRESS;
			break;
		default:
			value = hand_over(nodes + call->node);
			kind = NUMBER;
			break;
		}
		if (unlikely(outcomes != NULL))
			put(outcomes, kind, kind == OK ? 0 : value);
	}
}

static void fail(const char *what)
{
	fprintf(stderr, "yardstick: %s\n", what);
	exit(2);
}

static uint64_t get(FILE *file)
{
	uint64_t value;

	if (fread(&value, sizeof(value), 1, file) != 1)
		fail("the list of calls ends too soon");
	return value;
}

/* A file of 64-bit numbers: how many nodes, how many calls, and six numbers a call. */
static struct call *load(const char *name, uint32_t *count)
{
	FILE *file = fopen(name, "rb");
	struct call *calls;
	uint32_t i;

	if (!file)
		fail("the list of calls cannot be opened");
	node_count = (int)get(file);
	*count = (uint32_t)get(file);
	nodes = calloc(node_count, sizeof(*nodes));
	map_memory = calloc(node_count, sizeof(*map_memory));
	calls = calloc((size_t)*count + 1, sizeof(*calls));
	if (!nodes || !map_memory || !calls)
		fail("there is not enough memory");
	for (i = 0; i < *count; i++) {
		struct call *call = calls + i;

		call->op = (uint32_t)get(file);
		call->node = (int32_t)get(file);
		call->a = (word)get(file);
		call->b = (word)get(file);
		call->c = (word)get(file);
		call->d = (word)get(file);
		if (call->op == INITIALISE) {
			/* A word more, where a search may look. */
			size_t bytes = ROUND_UP((size_t)((word)(call->c - call->b) / 8) + 64, 4096);
			void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

			if (memory == MAP_FAILED)
				fail("there is not enough memory for a bitmap");
			map_memory[call->node] = memory;
		}
	}
	fclose(file);
	return calls;
}

int main(int argc, char **argv)
{
	struct call *calls;
	uint32_t count;
	long replays;
	FILE *outcomes;

	if (argc != 3)
		fail("expected: yardstick CALLS OUTCOMES");
	calls = load(argv[1], &count);
	outcomes = fopen(argv[2], "wb");
	if (!outcomes)
		fail("the outcomes cannot be written");
	replay(calls, count, outcomes);
	if (fclose(outcomes))
		fail("the outcomes cannot be written");
	puts("ready");
	fflush(stdout);
	while (scanf("%ld", &replays) == 1) {
		struct timespec from, to;
		long i;

		clock_gettime(CLOCK_MONOTONIC, &from);
		for (i = 0; i < replays; i++)
			replay(calls, count, NULL);
		clock_gettime(CLOCK_MONOTONIC, &to);
		printf("%.1f\n", ((to.tv_sec - from.tv_sec) * 1e9 + (to.tv_nsec - from.tv_nsec)) / replays);
		fflush(stdout);
	}
	return 0;
}
