using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>Reads which places of a class must have one type, and which keep the one they have.</summary>
/// <remarks>
/// It decides nothing: what it finds are constraints with their places, in the order of the text, and <see cref="TypeSolver"/> says what follows. This part
/// reads statements, the others what overrides something, what is given to calls, what patterns find, and to which slot a value or a symbol belongs.
/// </remarks>
internal sealed partial class TypeConstraintReader
{
    private readonly RewriteContext _context;
    private readonly BoundaryCalls _boundary;
    private readonly ChangingTypes _types;
    private readonly List<TypeConstraint> _constraints = [];

    private TypeConstraintReader(RewriteContext context, BoundaryCalls boundary, ChangingTypes types) => (_context, _boundary, _types) = (context, boundary, types);

    /// <summary>The constraints of a class, in the order of its text.</summary>
    public static IReadOnlyList<TypeConstraint> Read(IEnumerable<ClassText> texts, BoundaryCalls boundary, ChangingTypes types, RewriteContext context)
    {
        TypeConstraintReader reader = new(context, boundary, types);
        foreach (ClassText text in texts)
        {
            reader.ReadContracts(text);
            foreach (IOperation operation in text.AllOperations.SelectMany(body => body.DescendantsAndSelf()))
            {
                context.Cancellation.ThrowIfCancellationRequested();
                reader.Visit(operation);
            }
        }

        // One name of a type stands for all variables of a declaration.
        foreach (VariableDeclarationSyntax declaration in context.Parts.SelectMany(part => part.Declaration.DescendantNodes()).OfType<VariableDeclarationSyntax>().Where(d => d.Variables.Count > 1))
        {
            foreach (VariableDeclaratorSyntax variable in declaration.Variables.Skip(1))
            {
                reader.Join(reader.Declared(declaration.Variables[0]), reader.Declared(variable), variable);
            }
        }

        return reader._constraints;
    }

    private void Visit(IOperation operation)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation { Initializer.Value: { } value } declarator: Give(value, Slot(declarator.Symbol)); break;
            case IFieldInitializerOperation initializer:
                foreach (IFieldSymbol field in initializer.InitializedFields)
                {
                    Give(initializer.Value, Slot(field));
                }

                break;
            case IPropertyInitializerOperation { InitializedProperties: [var property] } initializer: Give(initializer.Value, Slot(property)); break;
            case IParameterInitializerOperation { Parameter: { } parameter } initializer: Give(initializer.Value, Slot(parameter)); break;
            case IDeconstructionAssignmentOperation assignment: Deconstruct(assignment.Target, assignment.Value); break;
            case ISimpleAssignmentOperation assignment: Give(assignment.Value, ValueSlot(assignment.Target)); break;
            case ICoalesceAssignmentOperation assignment: Give(assignment.Value, ValueSlot(assignment.Target)); break;
            case IArgumentOperation { Parameter: { } parameter } argument: Argue(argument, parameter); break;
            case IReturnOperation { ReturnedValue: { } value } statement: Give(value, ReturnSlot(statement)); break;
            case IForEachLoopOperation loop: Loop(loop); break;
            case IPatternOperation pattern: Match(pattern); break;
            case IConversionOperation conversion: Convert(conversion); break;
            case ICollectionExpressionOperation collection when _types.IsStable(collection.Type): Collect(collection); break;
            case IDelegateCreationOperation creation when _types.IsStable(creation.Type): Delegate(creation); break;
            case IMemberReferenceOperation { Instance: { } instance } reference: Access(instance, reference.Member, reference.Syntax, IsWritten(reference)); break;
            case IInvocationOperation { Instance: { } instance } call:
                Access(instance, call.TargetMethod, call.Syntax, isWritten: false);
                ValueSlot(call);
                break;
            case IObjectCreationOperation { Constructor: { } constructor } creation
                when _context.Known.TryGetQuantized(creation.Type, out _, out INamedTypeSymbol quantized) && FactoryRewriter.Counterpart(quantized, constructor) is null:
                Fix(ValueSlot(creation), creation.Syntax, $"'{quantized.Name}' has no constructor that takes the same");
                break;
            case IInvocationOperation or IConditionalOperation or ICoalesceOperation or ISwitchExpressionOperation or IArrayCreationOperation or IObjectCreationOperation:
                ValueSlot(operation);
                break;
        }
    }

    private void Give(IOperation value, TypeSlot? slot)
    {
        if (slot is null)
        {
            return;
        }

        if (Plain(value) is not IAnonymousFunctionOperation lambda || _types.MentionsReplaced(lambda.Symbol.ReturnType))
        {
            Join(ValueSlot(value), slot, value.Syntax);
        }

        foreach (IParameterSymbol parameter in LambdaParameters(value))
        {
            Join(Slot(parameter), slot, value.Syntax);
        }
    }

    /// <summary>A value goes to a place that keeps its type.</summary>
    private void FixValue(IOperation value, string reason)
    {
        Fix(ValueSlot(value), value.Syntax, reason);
        foreach (IParameterSymbol parameter in LambdaParameters(value))
        {
            Fix(Slot(parameter), value.Syntax, reason);
        }
    }

    /// <summary>The parameters of a lambda whose types go with that of the delegate.</summary>
    private IEnumerable<IParameterSymbol> LambdaParameters(IOperation value)
        => Plain(value) is IAnonymousFunctionOperation lambda ? lambda.Symbol.Parameters.Where(parameter => _types.MentionsReplaced(parameter.Type)) : [];

    /// <summary>A base class of TorchSharp's layer, such as <c>Convolution</c>, is none of the quantized one.</summary>
    private void Convert(IConversionOperation conversion)
    {
        if (!conversion.IsImplicit)
        {
            ValueSlot(conversion);
        }

        if (conversion.Operand.Type is { } from && conversion.Type is { } to && _types.Changes(from) && !_types.Changes(to)
            && conversion is { OperatorMethod: null } && conversion.GetConversion().IsImplicit && !_types.StillFits(from, to))
        {
            Fix(ValueSlot(conversion.Operand), conversion.Operand.Syntax, $"it is used as '{to.Name}', which its quantized counterpart is not");
        }
    }

    private static bool IsWritten(IMemberReferenceOperation reference) => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference,
        ITupleOperation { Parent: IDeconstructionAssignmentOperation assignment } tuple => assignment.Target == tuple,
        IIncrementOrDecrementOperation => true,
        IArgumentOperation { Parameter.RefKind: not RefKind.None } => true,
        _ => false,
    };

    private void Access(IOperation instance, ISymbol member, SyntaxNode place, bool isWritten)
    {
        // An extension belongs to the type that the instance is converted to.
        bool isExtension = instance is IConversionOperation { Type: { } to } && !_types.Changes(to);
        if (!isExtension && !_types.StillHas(Plain(instance).Type, member, isWritten))
        {
            Fix(ValueSlot(instance), place, $"its quantized counterpart has no '{member.Name}' like this");
        }
    }
}
