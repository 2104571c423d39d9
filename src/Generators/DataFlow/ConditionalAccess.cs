using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.DataFlow;

/// <summary>Reads <c>a?.b</c>.</summary>
internal static class ConditionalAccess
{
    /// <summary>What stands before the <c>?.</c></summary>
    public static IOperation? Receiver(IConditionalAccessInstanceOperation instance)
    {
        for (IOperation at = instance; at.Parent is { } parent; at = parent)
        {
            if (parent is IConditionalAccessOperation access && access.WhenNotNull == at)
            {
                return access.Operation;
            }
        }

        return null;
    }
}
