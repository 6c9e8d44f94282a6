using PaimonSharp.Data.Keys;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// Finds the smallest of the current keys of several runs with one comparison per tree level. Every inner node keeps the
/// loser of its match, the root's winner is kept apart; a run that has moved on is matched against the losers on its way up.
/// <code>
///            winner 1
///              |
///             (3)
///            /    \
///         (0)      (2)          inner nodes: the run that lost there
///        /   \    /   \
///       0     1  2     3        leaves: runs
/// </code>
/// Equal keys: the run with the smaller number wins, so that equal keys come out next to each other. A run that is at its end
/// loses against every other.
/// </summary>
internal sealed class LoserTree
{
    private EncodedKeys[] _keys = [];
    private int[] _rows = [];
    private int[] _ends = [];
    private Entry[] _losers = [];
    private Entry _winner;
    private int _leafCount;
    private bool _isPrefixExact;

    /// <summary>The run with the smallest key.</summary>
    public int Winner => _winner.Order < _leafCount ? _winner.Order : _winner.Order - _leafCount;

    /// <summary>The current row of the winner.</summary>
    public int WinnerRow => _rows[Winner];

    /// <summary>True when all runs are at their end.</summary>
    public bool IsEmpty => _winner.Order >= _leafCount;

    /// <summary>Begins a merge.</summary>
    /// <param name="keys">The keys of each run.</param>
    /// <param name="starts">The first row of each run.</param>
    /// <param name="ends">The row after the last one of each run.</param>
    public void Begin(ReadOnlySpan<EncodedKeys> keys, ReadOnlySpan<int> starts, ReadOnlySpan<int> ends)
    {
        _leafCount = keys.Length;
        if (_keys.Length < _leafCount)
        {
            _keys = new EncodedKeys[_leafCount];
            _rows = new int[_leafCount];
            _ends = new int[_leafCount];
            _losers = new Entry[_leafCount];
        }

        keys.CopyTo(_keys);
        starts.CopyTo(_rows);
        ends.CopyTo(_ends);
        _isPrefixExact = keys[0].IsPrefixExact;
        _losers.AsSpan(0, _leafCount).Fill(new Entry(0, -1));
        for (var run = _leafCount - 1; run >= 0; run--)
        {
            Play(run);
        }
    }

    /// <summary>Moves the winner to its next row and finds the new winner. Not when all runs are at their end.</summary>
    /// <returns>True when the new winner's key is the one that was left.</returns>
    public bool Advance()
    {
        var last = _winner;
        var row = _rows[last.Order]++;
        if (_isPrefixExact)
        {
            Replay(last.Order);
        }
        else
        {
            ReplayLong(last.Order);
        }

        var next = _winner;
        return next.Prefix == last.Prefix
            && next.Order < _leafCount
            && (_isPrefixExact || _keys[next.Order].Compare(_rows[next.Order], _keys[last.Order], row) == 0);
    }

    private Entry EntryOf(int run)
    {
        var row = _rows[run];
        return row < _ends[run] ? new Entry(_keys[run].Prefixes[row], run) : new Entry(ulong.MaxValue, run + _leafCount);
    }

    // While the tree is being built, the first to reach a node waits there for its opponent.
    private void Play(int run)
    {
        var entry = EntryOf(run);
        for (var node = (run + _leafCount) >> 1; node > 0; node >>= 1)
        {
            var waiting = _losers[node];
            if (waiting.Order < 0)
            {
                _losers[node] = entry;
                return;
            }

            if (Wins(waiting, entry))
            {
                (_losers[node], entry) = (entry, waiting);
            }
        }

        _winner = entry;
    }

    // Who wins cannot be foreseen, so that a branch would be foreseen wrongly half of the times: the two are swapped by masks.
    private void Replay(int run)
    {
        var (prefix, order) = EntryOf(run);
        var losers = _losers;
        for (var node = (run + _leafCount) >> 1; node > 0; node >>= 1)
        {
            ref var loser = ref losers[node];
            var (otherPrefix, otherOrder) = loser;
            var isLess = otherPrefix < prefix ? 1 : 0;
            var isSame = otherPrefix == prefix ? 1 : 0;
            var isBefore = otherOrder < order ? 1 : 0;
            var swap = -(isLess | (isSame & isBefore));
            var prefixes = (prefix ^ otherPrefix) & (ulong)(long)swap;
            var orders = (order ^ otherOrder) & swap;
            loser = new Entry(otherPrefix ^ prefixes, otherOrder ^ orders);
            prefix ^= prefixes;
            order ^= orders;
        }

        _winner = new Entry(prefix, order);
    }

    private void ReplayLong(int run)
    {
        var entry = EntryOf(run);
        var losers = _losers;
        for (var node = (run + _leafCount) >> 1; node > 0; node >>= 1)
        {
            if (Wins(losers[node], entry))
            {
                (losers[node], entry) = (entry, losers[node]);
            }
        }

        _winner = entry;
    }

    private bool Wins(Entry left, Entry right) =>
        left.Prefix != right.Prefix ? left.Prefix < right.Prefix : WinsTie(left.Order, right.Order);

    private bool WinsTie(int left, int right)
    {
        if (_isPrefixExact || left >= _leafCount || right >= _leafCount)
        {
            return left < right;
        }

        var order = _keys[left].Compare(_rows[left], _keys[right], _rows[right]);
        return order != 0 ? order < 0 : left < right;
    }

    /// <summary>A run's current key.</summary>
    /// <param name="Prefix">Its prefix; the largest where the run is at its end.</param>
    /// <param name="Order">The run, to decide between equal keys; behind all runs where it is at its end.</param>
    private readonly record struct Entry(ulong Prefix, int Order);
}
