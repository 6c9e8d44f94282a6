namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// A map of key hashes to buckets: open addressing with linear probing over two plain arrays, 6 bytes a place and at most three
/// of four places in use. Nothing is ever removed. One thread.
/// </summary>
internal sealed class HashToBucket
{
    private const short Free = -1;
    private const int MinPlaces = 16;

    private int[] _hashes = new int[MinPlaces];
    private short[] _buckets = NewBuckets(MinPlaces);

    /// <summary>The hashes in the map.</summary>
    public int Count { get; private set; }

    /// <summary>Makes room, so that adding so many hashes moves nothing.</summary>
    public void EnsureCapacity(int count)
    {
        var places = MinPlaces;
        while (places - (places / 4) <= count)
        {
            places = checked(places * 2);
        }

        if (places > _hashes.Length)
        {
            Resize(places);
        }
    }

    /// <summary>The bucket of a hash.</summary>
    /// <returns>False when the hash is not in the map.</returns>
    public bool TryGet(int hash, out int bucket)
    {
        var place = PlaceOf(hash);
        bucket = _buckets[place];
        return bucket != Free;
    }

    /// <summary>Adds a hash.</summary>
    /// <returns>False when it is there already; its bucket stays as it is then.</returns>
    public bool TryAdd(int hash, int bucket)
    {
        var place = PlaceOf(hash);
        if (_buckets[place] != Free)
        {
            return false;
        }

        _hashes[place] = hash;
        _buckets[place] = checked((short)bucket);
        Count++;
        if (Count >= _hashes.Length - (_hashes.Length / 4))
        {
            Resize(checked(_hashes.Length * 2));
        }

        return true;
    }

    /// <summary>All hashes of a bucket, in no order.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="hashes">Takes them: as many as the bucket has.</param>
    public void CopyBucket(int bucket, Span<int> hashes)
    {
        var count = 0;
        for (var place = 0; place < _buckets.Length; place++)
        {
            if (_buckets[place] == bucket)
            {
                hashes[count++] = _hashes[place];
            }
        }
    }

    private static short[] NewBuckets(int places)
    {
        var buckets = new short[places];
        buckets.AsSpan().Fill(Free);
        return buckets;
    }

    // The hashes are Murmur's: their low bits are as good as any.
    private int PlaceOf(int hash)
    {
        var mask = _hashes.Length - 1;
        var place = hash & mask;
        while (_buckets[place] != Free && _hashes[place] != hash)
        {
            place = (place + 1) & mask;
        }

        return place;
    }

    private void Resize(int places)
    {
        var (hashes, buckets) = (_hashes, _buckets);
        (_hashes, _buckets) = (new int[places], NewBuckets(places));
        for (var i = 0; i < buckets.Length; i++)
        {
            if (buckets[i] != Free)
            {
                var place = PlaceOf(hashes[i]);
                (_hashes[place], _buckets[place]) = (hashes[i], buckets[i]);
            }
        }
    }
}
