using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.DataFlow;

/// <summary>A call of a module that a field, a property or a local holds, and what is known of what it is given.</summary>
internal sealed class ModuleCall(IInvocationOperation call, ISymbol module)
{
    public ISymbol Module { get; } = module;

    public IInvocationOperation Call { get; } = call;

    public Operand Argument { get; } = new(call);
}
