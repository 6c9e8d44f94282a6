using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// A set of MySQL transaction ids: for every source (UUID and tag) the intervals of numbers. Text:
/// <c>uuid:1-3:5:tag:1-2,uuid2:7</c>. Not thread-safe.
/// <code>
/// classic encoding  sources u64 | per source: uuid 16, intervals u64, per interval: first i64, end (exclusive) i64
/// tagged encoding   01, entries u48, 01 | per entry: uuid 16, tag length varint, tag, intervals u64, intervals
/// </code>
/// </summary>
public sealed class GtidSet
{
    private const int MaxTagLength = 32;
    private readonly SortedDictionary<(Guid Source, string Tag), List<GtidInterval>> _sources = new(KeyComparer.Instance);

    /// <summary>True when no transaction is in it.</summary>
    public bool IsEmpty => _sources.Count == 0;

    /// <summary>True when a tagged id is in it, which only MySQL 8.3 and later understand.</summary>
    public bool HasTags
    {
        get
        {
            foreach (var key in _sources.Keys)
            {
                if (key.Tag.Length > 0)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Reads MySQL's text; blanks and line ends are skipped, the empty text is the empty set.</summary>
    /// <param name="text">As in <c>@@gtid_executed</c>.</param>
    /// <exception cref="PaimonException">It is not of that form.</exception>
    public static GtidSet Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var set = new GtidSet();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            set.ParseSource(item);
        }

        return set;
    }

    /// <summary>Reads an encoded set, classic or tagged.</summary>
    /// <param name="bytes">The whole encoding, as in a PREVIOUS_GTIDS event.</param>
    /// <exception cref="CorruptDataException">The bytes are no set.</exception>
    public static GtidSet Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var set = new GtidSet();
        var header = reader.UInt64();
        var tagged = (header & 0xFF) == 1 && header >> 56 == 1;
        var entries = tagged ? (header >> 8) & 0xFFFFFFFFFFFF : header;
        for (ulong i = 0; i < entries; i++)
        {
            var source = new Guid(reader.Take(16), bigEndian: true);
            var tag = tagged ? DecodeTag(ref reader) : string.Empty;
            var intervals = reader.UInt64();
            for (ulong j = 0; j < intervals; j++)
            {
                var first = reader.Int64();
                var end = reader.Int64();
                if (first < 1 || end <= first)
                {
                    CorruptDataException.Throw($"A GTID interval from {first} to {end} (exclusive) cannot be.");
                }

                set.Add(source, tag, first, end - 1);
            }
        }

        return set;
    }

    /// <summary>Writes the set: in the classic encoding while there is no tag, which every server reads.</summary>
    /// <param name="output">Where the bytes go.</param>
    public void Encode(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var tagged = HasTags;
        WriteUInt64(output, tagged ? 1UL | ((ulong)_sources.Count << 8) | (1UL << 56) : (ulong)_sources.Count);
        foreach (var (key, intervals) in _sources)
        {
            key.Source.TryWriteBytes(output.GetSpan(16), bigEndian: true, out _);
            output.Advance(16);
            if (tagged)
            {
                output.Write([(byte)(key.Tag.Length << 1)]);
                output.Write(Encoding.ASCII.GetBytes(key.Tag));
            }

            WriteUInt64(output, (ulong)intervals.Count);
            foreach (var interval in intervals)
            {
                WriteUInt64(output, (ulong)interval.First);
                WriteUInt64(output, (ulong)interval.Last + 1);
            }
        }
    }

    /// <summary>Adds a transaction.</summary>
    /// <param name="gtid">Its id.</param>
    public void Add(Gtid gtid) => Add(gtid.Source, gtid.Tag, gtid.Number, gtid.Number);

    /// <summary>Adds a range of transactions of a source.</summary>
    /// <param name="source">The server's UUID.</param>
    /// <param name="tag">The tag, empty without one.</param>
    /// <param name="first">The first number, at least 1.</param>
    /// <param name="last">The last number.</param>
    public void Add(Guid source, string tag, long first, long last)
    {
        ArgumentNullException.ThrowIfNull(tag);
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        ArgumentOutOfRangeException.ThrowIfEqual(last, long.MaxValue);
        if (!_sources.TryGetValue((source, tag), out var intervals))
        {
            _sources.Add((source, tag), intervals = []);
        }

        AddInterval(intervals, new GtidInterval(first, last));
    }

    /// <summary>Adds all transactions of another set.</summary>
    /// <param name="other">Unchanged.</param>
    public void Union(GtidSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var (key, intervals) in other._sources)
        {
            foreach (var interval in intervals.ToArray())
            {
                Add(key.Source, key.Tag, interval.First, interval.Last);
            }
        }
    }

    /// <summary>True when the transaction is in the set.</summary>
    /// <param name="gtid">Its id.</param>
    public bool Contains(Gtid gtid)
    {
        if (!_sources.TryGetValue((gtid.Source, gtid.Tag), out var intervals))
        {
            return false;
        }

        var at = FirstEndingAtOrAfter(intervals, gtid.Number);
        return at < intervals.Count && intervals[at].First <= gtid.Number;
    }

    /// <summary>True when every transaction of another set is in this one.</summary>
    /// <param name="other">The set asked for.</param>
    public bool Contains(GtidSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var (key, intervals) in other._sources)
        {
            if (!_sources.TryGetValue(key, out var mine))
            {
                return false;
            }

            foreach (var interval in intervals)
            {
                var at = FirstEndingAtOrAfter(mine, interval.Last);
                if (at == mine.Count || mine[at].First > interval.First)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>A copy that changes on its own.</summary>
    public GtidSet Clone()
    {
        var copy = new GtidSet();
        foreach (var (key, intervals) in _sources)
        {
            copy._sources.Add(key, [.. intervals]);
        }

        return copy;
    }

    /// <summary>MySQL's text: sources by UUID, each with its untagged intervals first.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var before = default(Guid?);
        foreach (var (key, intervals) in _sources)
        {
            if (before != key.Source)
            {
                text.Append(text.Length > 0 ? "," : null).Append(CultureInfo.InvariantCulture, $"{key.Source:D}");
                before = key.Source;
            }

            if (key.Tag.Length > 0)
            {
                text.Append(':').Append(key.Tag);
            }

            foreach (var (first, last) in intervals)
            {
                text.Append(CultureInfo.InvariantCulture, $":{first}");
                if (last > first)
                {
                    text.Append(CultureInfo.InvariantCulture, $"-{last}");
                }
            }
        }

        return text.ToString();
    }

    private void ParseSource(string item)
    {
        var parts = item.Split(':', StringSplitOptions.TrimEntries);
        if (parts.Length < 2 || !Guid.TryParseExact(parts[0], "D", out var source))
        {
            throw NotASet(item);
        }

        var tag = string.Empty;
        foreach (var part in parts.AsSpan(1))
        {
            if (part.Length > 0 && !char.IsAsciiDigit(part[0]))
            {
                tag = IsTag(part) ? part.ToLowerInvariant() : throw NotASet(item);
                continue;
            }

            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (!long.TryParse(dash < 0 ? part : part[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var first))
            {
                throw NotASet(item);
            }

            var last = first;
            if ((dash >= 0 && !long.TryParse(part.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out last))
                || first < 1 || last < first || last == long.MaxValue)
            {
                throw NotASet(item);
            }

            Add(source, tag, first, last);
        }
    }

    private static bool IsTag(string text) =>
        text.Length <= MaxTagLength && (char.IsAsciiLetter(text[0]) || text[0] == '_')
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character == '_');

    private static string DecodeTag(ref ByteReader reader)
    {
        var length = reader.Varint();
        if (length > MaxTagLength)
        {
            CorruptDataException.Throw($"A GTID tag of {length} bytes is longer than {MaxTagLength}.");
        }

        return Encoding.ASCII.GetString(reader.Take((long)length));
    }

    private static void AddInterval(List<GtidInterval> intervals, GtidInterval added)
    {
        // The common case: the next number of a source.
        if (intervals.Count > 0 && intervals[^1].First <= added.First && intervals[^1].Last >= added.First - 1)
        {
            intervals[^1] = intervals[^1] with { Last = Math.Max(intervals[^1].Last, added.Last) };
            return;
        }

        var at = FirstEndingAtOrAfter(intervals, added.First - 1);
        var end = at;
        while (end < intervals.Count && intervals[end].First <= added.Last + 1)
        {
            added = new GtidInterval(Math.Min(added.First, intervals[end].First), Math.Max(added.Last, intervals[end].Last));
            end++;
        }

        intervals.RemoveRange(at, end - at);
        intervals.Insert(at, added);
    }

    private static int FirstEndingAtOrAfter(List<GtidInterval> intervals, long number)
    {
        var low = 0;
        var high = intervals.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (intervals[middle].Last < number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static void WriteUInt64(IBufferWriter<byte> output, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    private static PaimonException NotASet(string item) =>
        new(ErrorKind.Invalid, $"'{item}' is not a GTID set of the form uuid:1-3[:tag:1-2].");

    private readonly record struct GtidInterval(long First, long Last);

    private sealed class KeyComparer : IComparer<(Guid Source, string Tag)>
    {
        public static readonly KeyComparer Instance = new();

        public int Compare((Guid Source, string Tag) x, (Guid Source, string Tag) y)
        {
            var bySource = x.Source.CompareTo(y.Source);
            return bySource != 0 ? bySource : string.CompareOrdinal(x.Tag, y.Tag);
        }
    }
}
