using PaimonSharp.Data;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Merge;

/// <summary>See <see cref="FirstRowEngine"/>.</summary>
/// <param name="ignoreDelete">True to pass over retractions.</param>
internal sealed class FirstRowMerge(bool ignoreDelete) : BoundMerge
{
    /// <inheritdoc/>
    protected override void MergeGroups(in MergeInput input)
    {
        var plan = input.Plan;
        for (var group = 0; group < plan.GroupCount; group++)
        {
            var rows = plan[group];
            if (input.IsLone(group))
            {
                var kind = input.Kinds[rows[0].Source].Values[rows[0].Row];
                if (!(input.DropRetracts && kind.IsRetract()))
                {
                    Result.Append(group, rows[0], kind);
                }

                continue;
            }

            var isFound = false;
            foreach (var row in rows)
            {
                var kind = input.Kinds[row.Source].Values[row.Row];
                if (kind.IsRetract() && !ignoreDelete)
                {
                    PaimonException.ThrowInvalid(
                        $"Merge engine first-row takes no {kind.ToShortText()} rows; set 'ignore-delete' = 'true' to leave them out.");
                }

                if (!isFound && kind.IsAdd())
                {
                    isFound = true;
                    Result.Append(group, row, kind);
                }
            }
        }
    }
}
