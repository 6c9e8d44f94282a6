namespace PaimonSharp.Merge.Sketches;

/// <summary>
/// A theta sketch of Apache DataSketches (docs/format.md#theta-sketches): the hashes below a bound. The union of two gives the
/// bytes that DataSketches 4.2 gives: its bound is the lowest one, or the 4097th smallest hash below that. One thread.
/// </summary>
internal sealed class ThetaSketch
{
    /// <summary>The bound of a sketch that kept all hashes.</summary>
    public const long NoBound = long.MaxValue;

    /// <summary>The hashes that a union keeps, DataSketches' default.</summary>
    private const int MaxHashes = 4096;

    private readonly List<long> _hashes = [];
    private bool _isEmpty = true;

    /// <summary>The hashes; after <see cref="Finish"/> ascending, without repeats and below the bound.</summary>
    public IReadOnlyList<long> Hashes => _hashes;

    /// <summary>Hashes from here on were not kept.</summary>
    public long Bound { get; private set; } = NoBound;

    /// <summary>True when no value was ever seen.</summary>
    public bool IsEmpty => _isEmpty;

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        _hashes.Clear();
        (_isEmpty, Bound) = (true, NoBound);
    }

    /// <summary>Adds the hash of a value.</summary>
    public void Add(long hash)
    {
        _isEmpty = false;
        _hashes.Add(hash);
    }

    /// <summary>Notes that a sketch that is united had values, of which those from a bound on were not kept.</summary>
    public void Limit(long bound)
    {
        _isEmpty = false;
        Bound = Math.Min(Bound, bound);
    }

    /// <summary>Brings the hashes of all sketches that were added together.</summary>
    public void Finish()
    {
        _hashes.Sort();
        var kept = 0;
        for (var i = 0; i < _hashes.Count; i++)
        {
            var hash = _hashes[i];
            if (hash >= Bound)
            {
                break;
            }

            if (hash > 0 && (kept == 0 || _hashes[kept - 1] != hash))
            {
                if (kept == MaxHashes)
                {
                    Bound = hash;
                    break;
                }

                _hashes[kept++] = hash;
            }
        }

        _hashes.RemoveRange(kept, _hashes.Count - kept);
    }
}
