using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <content>Calls: of modules, of functions, and of methods of the class itself.</content>
internal sealed partial class FlowReader
{
    private Facts VisitInvocation(IInvocationOperation invocation)
    {
        Facts facts = ReadInvocation(invocation);
        foreach (IArgumentOperation argument in invocation.Arguments)
        {
            if (argument.Parameter is not { RefKind: RefKind.Ref or RefKind.Out } || OutVariable(argument.Value) is not { } given)
            {
                continue;
            }

            // Code that is not seen computes what it gives from what it is given, as far as anyone knows.
            if (!_flow[given].FromInput && _known.IsTensor(argument.Parameter.Type) && _bodies.BodyOf(invocation.TargetMethod, invocation.Instance) is null)
            {
                Set(given, invocation.Arguments.Select(other => FactsOf(other.Value)).Append(FactsOf(invocation.Instance)).Aggregate(Facts.None, Facts.Of));
            }

            _flow.ForgetSign(given);
        }

        return facts;
    }

    private Facts ReadInvocation(IInvocationOperation invocation)
    {
        IMethodSymbol method = invocation.TargetMethod;
        IOperation? instance = invocation.Instance is IConditionalAccessInstanceOperation && _conditionalReceivers.Count > 0
            ? _conditionalReceivers.Peek().Operation
            : invocation.Instance;
        Facts receiver = method.MethodKind == MethodKind.DelegateInvoke && _bodies.BodyOf(method, instance) is not null ? Facts.None : Visit(invocation.Instance);
        Facts[] arguments = [.. invocation.Arguments.Select(argument => Visit(argument.Value))];
        Facts all = arguments.Aggregate(receiver, Facts.Of);

        if (_known.IsModule(instance?.Type) && method.Name is "call" or "forward" && instance is not IInstanceReferenceOperation)
        {
            return VisitModule(invocation, instance!, arguments, all);
        }

        if (_bodies.BodyOf(method, instance) is { } body)
        {
            return Inline(body.Symbol, body.Operation, invocation, arguments, all);
        }

        if (method.MethodKind == MethodKind.DelegateInvoke && (_known.IsTensor(method.ReturnType) || method.Parameters.Any(parameter => _known.IsTensor(parameter.Type))))
        {
            _findings.MeetUnfollowed(invocation);
        }

        // What a base class or another model does with a tensor is not seen; as with a module of which nothing is known, it counts as one layer.
        if (_known.IsModule(instance?.Type) && _known.IsTensor(method.ReturnType))
        {
            ForgetSigns();
            return all.Through(1) with { IsNonNegative = false };
        }

        bool onTensor = _known.IsTensor(instance?.Type);
        bool isTorch = onTensor || _known.IsTorch(method.ContainingType);
        TorchOperation operation = TorchOperations.Of(method.Name);
        if (isTorch && operation.Reference != Reference.None)
        {
            all = operation.Reference == Reference.Creates ? Facts.None : onTensor ? receiver : arguments.FirstOrDefault();
        }

        all = all with { IsNonNegative = isTorch && SignRules.OfCall(invocation, onTensor, receiver.IsNonNegative, value => FactsOf(value).IsNonNegative, _known) };
        if (isTorch)
        {
            Note(invocation, onTensor ? instance : null, all.FromInput);
            IOperation? operand = onTensor ? instance : invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value;
            Facts given = FactsOf(operand);
            if (!InPlace.IsPossible(invocation))
            {
                MeetReader(operand, given, operation.ComputesInFloat, operation.Moves);
            }

            all = all with
            {
                IsQuantized = operation.Functional is { GivesIntegers: true },
                WantsQuantizer = operation.NeedsQuantizedOutput || (operation.IsAbsorbed && given.WantsQuantizer),
                Source = InPlace.IsNamedSo(method) ? given.Source : invocation,
            };
        }

        // A tensor that is changed in place, or by code of others, may be that of any variable.
        if (isTorch ? (InPlace.IsNamedSo(method) || InPlace.CanBeAsked(method)) && !all.IsNonNegative : !_known.IsLibrary(method))
        {
            ForgetSigns();
        }

        // In-place methods change their receiver, and a list holds what was put into it.
        if (instance is not null && all.FromInput && (InPlace.IsNamedSo(method) || !onTensor) && Root(instance) is { } changed)
        {
            bool isWhole = instance is ILocalReferenceOperation or IParameterReferenceOperation;
            Set(changed, onTensor ? all with { IsNonNegative = all.IsNonNegative && (isWhole || _flow[changed].IsNonNegative) } : Facts.Of(_flow[changed], all));
        }

        return isTorch && operation.IsWeighted ? all.Through(1) : all;
    }

    private Facts VisitModule(IInvocationOperation call, IOperation module, Facts[] arguments, Facts all)
    {
        bool isGivenNonNegative = arguments.Length > 0 && arguments.All(argument => argument.IsNonNegative);
        if ((_small.Of(module.Type) ?? _small.Of(_weights.ClassOf(module))) is { } small)
        {
            NoteSmall(call, small, all);
            return all with { IsNonNegative = isGivenNonNegative };
        }

        if (ModuleContents.Referenced(module) is { } symbol)
        {
            _findings.Meet(call, symbol, all with { IsNonNegative = isGivenNonNegative });
        }

        if (call.Arguments.Length > 0)
        {
            MeetReader(call.Arguments[0].Value, arguments[0], _outputs.ReadsFloat(module), TorchModules.Of(module.Type?.Name ?? "").Moves);
        }

        SignEffect? effect = _signs.Of(module);
        if (effect is null)
        {
            ForgetSigns();
        }

        return all.Through(_weights.Of(module)) with
        {
            IsNonNegative = effect == SignEffect.Establishes || (effect == SignEffect.Preserves && isGivenNonNegative),
            IsQuantized = _outputs.AreQuantized(module),
            WantsQuantizer = _outputs.WantQuantizer(module, arguments.Length > 0 && arguments[0].WantsQuantizer),
            Source = call,
        };
    }

    /// <summary>Notes what a module of one operation does as if it stood where it is called.</summary>
    private void NoteSmall(IInvocationOperation call, SmallModule module, Facts all)
    {
        List<IReadOnlyList<IOperation>?> operands = [.. module.Operands.Select(operand => operand.At(call))];
        List<IOperation> found = [.. operands.SelectMany(operand => operand ?? [])];
        if (operands.Any(operand => operand is null) || (module.IsAddition && found.Count != 2))
        {
            if (module.IsAddition && all is { FromInput: true, Depth.Most: > 0 })
            {
                _findings.MeetHidden(call);
            }
        }
        else if (module.IsAddition)
        {
            _findings.Meet(call, BinaryForm.Call, found[0], FactsOf(found[0]), found[1], FactsOf(found[1]));
        }
        else
        {
            _findings.Meet(call, found, FactsOf);
        }
    }

    /// <summary>Notes what reads a tensor that may want a quantizer, because it has no integer form, or because others read the tensor as well.</summary>
    private void MeetReader(IOperation? operand, Facts given, bool computesInFloat, bool moves)
    {
        if (operand is not null && (moves || computesInFloat))
        {
            // Also where nothing is wanted of this reading: its sign counts.
            bool isWanted = given is { FromInput: true, Depth.Most: > 0, IsQuantized: false } && (moves || given.WantsQuantizer);
            _findings.MeetReader(operand, given, moves, isWanted);
        }
    }

    /// <summary>Notes an operation that may want quantizers.</summary>
    private void Note(IInvocationOperation call, IOperation? receiver, bool takesInput)
    {
        string name = call.TargetMethod.Name;
        if (name is "add" or "add_" && TensorOperands.Two(call, receiver, _known) is var (left, right))
        {
            _findings.Meet(call, name == "add" ? BinaryForm.Call : BinaryForm.InPlace, left, FactsOf(left), right, FactsOf(right));
        }
        else if (name is "mul" or "mul_" or "multiply" && TensorOperands.Two(call, receiver, _known) is var (factor, other))
        {
            _findings.MeetProduct(call, name == "mul_" ? BinaryForm.InPlace : BinaryForm.Call, factor, FactsOf(factor), other, FactsOf(other));
        }
        else if (TorchOperations.Of(name).Functional is { } operation && TensorOperands.Of(call, operation, receiver, _known) is { } operands)
        {
            _findings.Meet(call, operation, operands, FactsOf);
        }
        else if (TorchOperations.Of(name).Concatenates)
        {
            _findings.Meet(call, TensorOperands.Parts(call), FactsOf);
        }
        else if (takesInput && TorchOperations.Of(name).IsWeighted && !TensorOperands.IsOfOne(call))
        {
            _findings.MeetOtherProduct(call);
        }
    }

    private static ISymbol? OutVariable(IOperation value) => value is IDeclarationExpressionOperation declaration ? Root(declaration.Expression) : Root(value);

    /// <summary>What was found when an operand was last visited.</summary>
    private Facts FactsOf(IOperation? operand) => operand is not null && _visited.TryGetValue(operand, out Facts facts) ? facts : Facts.None;
}
