using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using QuantGen.Generators.DataFlow;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Models;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>The quantizers that a type of the generated text gets as fields, and the operands that go through them.</summary>
/// <param name="type">The type.</param>
/// <param name="names">Names that are free in it.</param>
/// <param name="context">The class and its profile.</param>
/// <param name="edits">Takes the edits.</param>
internal sealed class QuantizerFields(ClassText type, FreeNames names, RewriteContext context, PartEdits edits)
{
    private readonly string _owner = SiblingModels.SuffixIn(type.Symbol, context);
    private readonly List<QuantizerField> _fields = [];
    private readonly List<IOperation> _operands = [];
    private readonly List<IOperation> _replaced = [];

    public IReadOnlyList<QuantizerField> Fields => _fields;

    /// <summary>What goes through a quantizer.</summary>
    public IReadOnlyList<IOperation> Operands => _operands;

    /// <summary>Calls of functions in whose place modules are called.</summary>
    public IReadOnlyList<IOperation> Replaced => _replaced;

    /// <summary>Why operands of an operation cannot go through quantizers, or <see langword="null"/>.</summary>
    public string? ReasonAgainst(IOperation operation, params Operand?[] operands)
        => QuantizerPlace.ReasonAgainst(operation.Syntax, type, context)
            ?? operands.Select(operand => operand is null ? null : QuantizerCall.ReasonAgainst(operand.Syntax)).FirstOrDefault(reason => reason is not null);

    /// <summary>Adds a field and gives its name.</summary>
    /// <param name="name">The name, unless it is taken.</param>
    /// <param name="number">Which one of this name it is; the first has no number.</param>
    /// <param name="descriptor">How the generated text refers to its descriptor.</param>
    public string Add(string name, int number, string descriptor)
    {
        string field = names.Take(name + _owner + (number == 1 ? "" : number.ToString(CultureInfo.InvariantCulture)));
        _fields.Add(new(field, descriptor));
        return field;
    }

    /// <summary>Calls a quantized module in the place of a function: <c>functional.silu(x)</c> becomes <c>silu_activation.call(x)</c>.</summary>
    /// <param name="call">The call of the function.</param>
    /// <param name="operand">What it works on.</param>
    /// <param name="number">Which call of the function it is; the first has no number.</param>
    /// <param name="module">The name of the module's type.</param>
    /// <param name="arguments">What it is made of.</param>
    public void Replace(FunctionalCall call, Operand operand, int number, string module, string arguments)
    {
        SyntaxNode place = call.Call.Syntax;
        string field = names.Take(call.Operation.Name + "_activation" + _owner + (number == 1 ? "" : number.ToString(CultureInfo.InvariantCulture)));
        _fields.Add(new(field, arguments, context.Short(KnownSymbols.ModulesNamespace, module, type.Home ?? place)));
        _replaced.Add(call.Call);
        EditList list = edits.At(place);
        list.WrapInside(place.Span, $"{field}.call(", "");
        if (operand.Syntax.SpanStart > place.SpanStart)
        {
            list.Replace(TextSpan.FromBounds(place.SpanStart, operand.Syntax.SpanStart), "");
        }

        list.Replace(TextSpan.FromBounds(operand.Syntax.Span.End, place.Span.End), ")");
    }

    /// <summary>Puts a quantizer around an operand.</summary>
    public void Quantize(Operand operand, string field)
    {
        _operands.Add(operand.Operation);
        QuantizerCall.Write(field, operand.Syntax, names, edits.At(operand.Syntax));
    }

    /// <summary>Puts a quantizer around each tensor of a list.</summary>
    public void QuantizeAll(Operand list, string field) => QuantizerCall.WriteForEach(field, list.Syntax, names, edits.At(list.Syntax));

    /// <summary>Those of the declaration that an operation is in.</summary>
    public EditList EditsOf(IOperation operation) => edits.At(operation.Syntax);
}
