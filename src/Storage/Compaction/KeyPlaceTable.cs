using PaimonSharp.Data.Keys;
using PaimonSharp.Storage.Lookup;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Keys in memory with their places: a hash table of numbers into packed keys. Entries that came from disk are told from those
/// that are not there yet. One thread.
/// </summary>
/// <param name="encoder">The encoder of the keys.</param>
internal sealed class KeyPlaceTable(KeyEncoder encoder)
{
    private const int MinSlots = 64;

    /// <summary>The bit that no place uses marks entries that are on disk too.</summary>
    private const long IsOnDisk = long.MinValue;

    /// <summary>One more than the number of an entry; 0 where there is none.</summary>
    private int[] _slots = new int[2 * MinSlots];
    private long[] _places = new long[MinSlots];

    /// <summary>The keys, by the numbers of their entries.</summary>
    public EncodedKeys Keys { get; } = encoder.CreateKeys();

    /// <summary>The entries that are not on disk.</summary>
    public int NewCount { get; private set; }

    /// <summary>The memory in use.</summary>
    public long SizeBytes => Keys.SizeBytes + ((long)_slots.Length * sizeof(int)) + ((long)_places.Length * sizeof(long));

    /// <summary>The number of a key's entry, -1 where there is none.</summary>
    /// <param name="keys">Keys of the same encoder.</param>
    /// <param name="index">The key.</param>
    /// <param name="hash">Its <see cref="KeyHash"/>.</param>
    public int Find(EncodedKeys keys, int index, ulong hash) => _slots[SlotOf(keys, index, hash)] - 1;

    /// <summary>The place of an entry.</summary>
    public KeyPlace PlaceOf(int entry) => KeyPlace.Unpack(_places[entry]);

    /// <summary>True for an entry that is not on disk.</summary>
    public bool IsNew(int entry) => _places[entry] >= 0;

    /// <summary>Adds a key that is not there.</summary>
    /// <param name="keys">Keys of the same encoder.</param>
    /// <param name="index">The key.</param>
    /// <param name="hash">Its <see cref="KeyHash"/>.</param>
    /// <param name="place">Its place.</param>
    /// <param name="isOnDisk">True for one that was read from disk.</param>
    public void Add(EncodedKeys keys, int index, ulong hash, KeyPlace place, bool isOnDisk = false)
    {
        var entry = Keys.Count;
        if (entry == _places.Length)
        {
            Grow();
        }

        _slots[SlotOf(keys, index, hash)] = entry + 1;
        Keys.Add(keys, index);
        _places[entry] = place.Pack() | (isOnDisk ? IsOnDisk : 0);
        NewCount += isOnDisk ? 0 : 1;
    }

    /// <summary>Gives an entry a new place.</summary>
    public void Move(int entry, KeyPlace place)
    {
        NewCount += _places[entry] < 0 ? 1 : 0;
        _places[entry] = place.Pack();
    }

    /// <summary>Removes all entries.</summary>
    public void Clear()
    {
        Keys.Clear();
        Array.Clear(_slots);
        NewCount = 0;
    }

    private int SlotOf(EncodedKeys keys, int index, ulong hash)
    {
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        while (_slots[slot] is var entry and > 0 && Keys.Compare(entry - 1, keys, index) != 0)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    // Half of the slots stay free.
    private void Grow()
    {
        Array.Resize(ref _places, checked(2 * _places.Length));
        _slots = new int[2 * _places.Length];
        for (var entry = 0; entry < Keys.Count; entry++)
        {
            _slots[SlotOf(Keys, entry, KeyHash.Of(Keys, entry))] = entry + 1;
        }
    }
}
