using PaimonSharp.Data;

namespace PaimonSharp.Storage.Lookup;

/// <summary>Where a key was found, or what has to be loaded before that can be told.</summary>
internal struct LookupPlace
{
    private int _loadedIndex;
    private LookupFile? _lookup;

    /// <summary>The data file.</summary>
    public LookupRunFile? File { get; private set; }

    /// <summary>The number of the block in its lookup file; -1 when the lookup file itself has to be made.</summary>
    public int BlockIndex { get; private set; }

    /// <summary>The block that the key was found in.</summary>
    public LookupBlock Block { get; private set; }

    /// <summary>The row in <see cref="Block"/>; -1 when the key was not found.</summary>
    public int Row { get; set; }

    /// <summary>The row's position in its data file.</summary>
    public readonly long Position => _lookup!.FirstRowOf(BlockIndex) + Row;

    /// <summary>True when what was found is no retraction.</summary>
    public readonly bool IsAdd => Block.KindOf(Row).IsAdd();

    /// <summary>The block that was to be loaded.</summary>
    public LookupBlock Loaded { get; set; }

    /// <summary>Something has to be loaded.</summary>
    /// <param name="file">The data file.</param>
    /// <param name="block">The block's number, -1 for the lookup file.</param>
    public void Await(LookupRunFile file, int block)
    {
        File = file;
        BlockIndex = block;
        _loadedIndex = block;
        Loaded = default;
    }

    /// <summary>A block that was loaded, even if the cache has let it go since; the default for others.</summary>
    /// <param name="file">The data file.</param>
    /// <param name="block">The block's number.</param>
    public readonly LookupBlock LoadedBlock(LookupRunFile file, int block) =>
        Loaded.IsPresent && File == file && _loadedIndex == block ? Loaded : default;

    /// <summary>The key was found.</summary>
    /// <param name="file">The data file.</param>
    /// <param name="lookup">Its lookup file.</param>
    /// <param name="blockIndex">The block's number.</param>
    /// <param name="block">The block.</param>
    /// <param name="row">The row in it.</param>
    public void Set(LookupRunFile file, LookupFile lookup, int blockIndex, LookupBlock block, int row)
    {
        // The block that was loaded last stays at hand: the next key may be in it, too.
        if (File != file)
        {
            Loaded = default;
        }

        File = file;
        BlockIndex = blockIndex;
        Block = block;
        Row = row;
        _lookup = lookup;
    }
}
