using PaimonSharp.Data;

namespace PaimonSharp.Storage.Lookup;

/// <summary>Where a key was found, or what has to be loaded before that can be told.</summary>
internal struct LookupPlace
{
    /// <summary>The data file.</summary>
    public LookupRunFile? File { get; private set; }

    /// <summary>The number of the block in its lookup file; -1 when the lookup file itself has to be made.</summary>
    public int BlockIndex { get; private set; }

    /// <summary>The block that the key was found in.</summary>
    public LookupBlock? Block { get; private set; }

    /// <summary>The row in <see cref="Block"/>; -1 when the key was not found.</summary>
    public int Row { get; set; }

    /// <summary>True when what was found is no retraction.</summary>
    public readonly bool IsAdd => Block!.KindOf(Row).IsAdd();

    /// <summary>The block of <see cref="File"/> and <see cref="BlockIndex"/>, as it was loaded.</summary>
    public LookupBlock? Loaded { get; set; }

    /// <summary>Something has to be loaded.</summary>
    /// <param name="file">The data file.</param>
    /// <param name="block">The block's number, -1 for the lookup file.</param>
    public void Await(LookupRunFile file, int block)
    {
        File = file;
        BlockIndex = block;
        Loaded = null;
    }

    /// <summary>A block that was loaded, even if the cache has let it go since.</summary>
    /// <param name="file">The data file.</param>
    /// <param name="block">The block's number.</param>
    public readonly LookupBlock? LoadedBlock(LookupRunFile file, int block) =>
        Loaded is not null && File == file && BlockIndex == block ? Loaded : null;

    /// <summary>The key was found.</summary>
    /// <param name="file">The data file.</param>
    /// <param name="block">The block.</param>
    /// <param name="row">The row in it.</param>
    public void Set(LookupRunFile file, LookupBlock block, int row)
    {
        // The block that was loaded last stays at hand: the next key may be in it, too.
        if (File != file)
        {
            Loaded = null;
        }

        File = file;
        Block = block;
        Row = row;
    }
}
