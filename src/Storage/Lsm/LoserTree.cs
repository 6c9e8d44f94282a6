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
    private ulong[] _prefixes = [];
    private int[] _rows = [];
    private int[] _ends = [];
    private int[] _losers = [];
    private int _leafCount;
    private bool _isPrefixExact;

    /// <summary>The run with the smallest key.</summary>
    public int Winner { get; private set; }

    /// <summary>The current row of the winner.</summary>
    public int WinnerRow => _rows[Winner];

    /// <summary>True when all runs are at their end.</summary>
    public bool IsEmpty => _rows[Winner] >= _ends[Winner];

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
            _prefixes = new ulong[_leafCount];
            _rows = new int[_leafCount];
            _ends = new int[_leafCount];
            _losers = new int[_leafCount];
        }

        keys.CopyTo(_keys);
        starts.CopyTo(_rows);
        ends.CopyTo(_ends);
        _isPrefixExact = keys[0].IsPrefixExact;
        for (var run = 0; run < _leafCount; run++)
        {
            ReadPrefix(run);
        }

        _losers.AsSpan(0, _leafCount).Fill(-1);
        for (var run = _leafCount - 1; run >= 0; run--)
        {
            Play(run);
        }
    }

    /// <summary>Moves the winner to its next row and finds the new winner.</summary>
    public void Advance()
    {
        var run = Winner;
        _rows[run]++;
        ReadPrefix(run);
        Replay(run);
    }

    /// <summary>True when the winner's key equals a key.</summary>
    /// <param name="run">A run.</param>
    /// <param name="row">A row of that run.</param>
    public bool WinnerEquals(int run, int row)
    {
        var winner = Winner;
        return _rows[winner] < _ends[winner]
            && _prefixes[winner] == _keys[run].Prefixes[row]
            && (_isPrefixExact || _keys[winner].Compare(_rows[winner], _keys[run], row) == 0);
    }

    private void ReadPrefix(int run)
    {
        var row = _rows[run];
        _prefixes[run] = row < _ends[run] ? _keys[run].Prefixes[row] : ulong.MaxValue;
    }

    // While the tree is being built, the first to reach a node waits there for its opponent.
    private void Play(int run)
    {
        for (var node = (run + _leafCount) >> 1; node > 0; node >>= 1)
        {
            var waiting = _losers[node];
            if (waiting < 0)
            {
                _losers[node] = run;
                return;
            }

            if (Wins(waiting, run))
            {
                (_losers[node], run) = (run, waiting);
            }
        }

        Winner = run;
    }

    private void Replay(int run)
    {
        var losers = _losers;
        for (var node = (run + _leafCount) >> 1; node > 0; node >>= 1)
        {
            if (Wins(losers[node], run))
            {
                (losers[node], run) = (run, losers[node]);
            }
        }

        Winner = run;
    }

    private bool Wins(int left, int right)
    {
        var a = _prefixes[left];
        var b = _prefixes[right];
        return a != b ? a < b : WinsTie(left, right);
    }

    private bool WinsTie(int left, int right)
    {
        var isLeftAtEnd = _rows[left] >= _ends[left];
        var isRightAtEnd = _rows[right] >= _ends[right];
        if (isLeftAtEnd || isRightAtEnd)
        {
            return isLeftAtEnd == isRightAtEnd ? left < right : isRightAtEnd;
        }

        var order = _isPrefixExact ? 0 : _keys[left].Compare(_rows[left], _keys[right], _rows[right]);
        return order != 0 ? order < 0 : left < right;
    }
}
