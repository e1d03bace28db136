namespace Bootmem;

/// <summary>
/// Where the blocks of a hand-over go: to the sink and the observer, those of one order that lie side by side as one.
/// </summary>
internal unsafe ref struct BlockGiver
{
    private readonly ref readonly BootMemory _memory;
    private readonly ref readonly PageSink _sink;
    private readonly Call _call;
    private readonly int _node;
    private readonly ulong _startPfn;
    private ulong _first;
    private ulong _count;
    private int _order;

    /// <summary>How many pages were given.</summary>
    public ulong Pages;

    /// <summary>Gives the pages of a node.</summary>
    public BlockGiver(in BootMemory memory, Call call, int node, in PageSink sink)
    {
        _memory = ref memory;
        _sink = ref sink;
        _call = call;
        _node = node;
        _startPfn = memory.Word.PfnOf(memory.Node(node).BootStart);
        _first = 0;
        _count = 0;
        _order = 0;
        Pages = 0;
    }

    /// <summary>Gives blocks of one order, side by side.</summary>
    /// <param name="first">The index of the first page.</param>
    /// <param name="order">The order of each.</param>
    /// <param name="count">How many; may be 0.</param>
    public void Blocks(ulong first, int order, ulong count)
    {
        Pages += count << order;
        if (_count != 0 && order == _order && first == _first + (_count << order))
        {
            _count += count;
            return;
        }

        Flush();
        _first = first;
        _order = order;
        _count = count;
    }

    /// <summary>Gives single pages.</summary>
    /// <param name="first">The index of the page that bit 0 is for.</param>
    /// <param name="words">A bit for each page: 0 is free.</param>
    /// <param name="count">How many words.</param>
    public void Singles(ulong first, ulong* words, ulong count)
    {
        if (_sink.TakeSingles != null && _memory.Observer.Notify == null)
        {
            Flush();
            Pages += (count << 6) - WordBits.CountSet(words, count << 6);
            _sink.TakeSingles(_sink.Context, _startPfn + first, words, count);
            return;
        }

        for (ulong i = 0; i < count; i++)
        {
            for (ulong free = ~words[i]; free != 0;)
            {
                int from = Bits.LowestSet(free);
                int pages = Bits.LowestSet(~(free >> from));
                Blocks(first + (i << 6) + (ulong)from, 0, (ulong)pages);
                free &= from + pages == 64 ? 0 : ulong.MaxValue << (from + pages);
            }
        }
    }

    /// <summary>Gives what was kept back until the next block is known.</summary>
    public void Flush()
    {
        if (_count == 0)
        {
            return;
        }

        if (_sink.Take != null)
        {
            _sink.Take(_sink.Context, _startPfn + _first, _order, _count);
        }

        _memory.NotifyHandedOver(_call, _node, _first, _order, _count);
        _count = 0;
    }
}
