using System.Collections.Immutable;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>All rows ever written, by key, and the columns they are read with. Immutable.</summary>
internal sealed record ModelState(IReadOnlyList<ModelField> Fields, ImmutableSortedDictionary<int, ImmutableList<ModelVersion>> Keys)
{
    public ModelState(IReadOnlyList<ModelField> fields)
        : this(fields, ImmutableSortedDictionary<int, ImmutableList<ModelVersion>>.Empty)
    {
    }

    /// <summary>The rows of a key, oldest first.</summary>
    public ImmutableList<ModelVersion> Of(int key) => Keys.GetValueOrDefault(key, []);

    public ModelState Add(int key, ModelVersion version) => this with { Keys = Keys.SetItem(key, Of(key).Add(version)) };
}
