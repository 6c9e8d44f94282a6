namespace PaimonSharp.Merge;

/// <summary>
/// What the versions of one key become: Paimon's merge engine. Implemented by structs and passed as a type parameter, so that
/// the loop over the groups has no indirect call. The result must not depend on how the versions are split over several
/// merges: merging a merged prefix with newer versions gives the same row.
/// </summary>
internal interface IMergeFunction
{
    /// <summary>
    /// Chooses the version that gives the result its kind, its sequence number and the value of every column that is
    /// not folded. Not asked for a key with one version: that one is the result, whatever its kind.
    /// </summary>
    /// <param name="group">Two or more versions, oldest first.</param>
    /// <returns>The version's index, or -1 when the key has no result at all.</returns>
    int Select(MergeGroup group);
}
