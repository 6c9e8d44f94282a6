namespace PaimonSharp.Storage.Tests.Models;

/// <summary>
/// Which retractions a model writes: those after which a merge of parts is the merge of the whole, as Paimon has it. A tombstone
/// is lost with its sequence at the highest level (fact 8), and an engine merges a retraction without the rows before it, in a
/// flush or a partial compaction, as if there were none.
/// </summary>
internal enum RetractRule
{
    /// <summary>None: the engine or an aggregator refuses them.</summary>
    None,

    /// <summary>Any, whatever there is: they drop the key, or are dropped themselves.</summary>
    Any,

    /// <summary>Of keys that are there: an aggregator takes their values back, or ignores them.</summary>
    OfPresentKeys,

    /// <summary>
    /// <c>-D</c> with no values but the key's, and no row of the key after it: with a row after it, both make one that does not
    /// remove what was before.
    /// </summary>
    Last,

    /// <summary>With no values but the key's and the sequences', which never go back: they clear the columns of sequence groups.</summary>
    OfGroups,
}
