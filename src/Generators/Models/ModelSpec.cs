using QuantGen.Specification;

namespace QuantGen.Generators.Models;

/// <summary>A class to generate: no symbol, no syntax, no compilation.</summary>
internal sealed record ModelSpec(
    string HintName,
    FileFrame Frame,
    string Documentation,
    SourceBlock Source,
    EquatableArray<TextEdit> Edits,
    EquatableArray<TypeTail> Tails,
    QuantizationClass Quantization,
    ExportRefusal? Refusal);

/// <summary>An export that the compiler refuses.</summary>
/// <param name="Accessibility">Of the class that holds it, as of the model.</param>
/// <param name="ClassName">The class.</param>
/// <param name="Signature">The method, from its return type on.</param>
/// <param name="Reason">What the compiler says.</param>
internal sealed record ExportRefusal(string Accessibility, string ClassName, string Signature, string Reason);

/// <summary>What stands around the class in its file.</summary>
/// <param name="Directives">The <c>#define</c>s and <c>#undef</c>s at the start.</param>
/// <param name="Nullable">The nullable context of the class, as in <c>#nullable enable</c>.</param>
/// <param name="Usings">Outside every namespace.</param>
/// <param name="Namespaces">From the outermost.</param>
/// <param name="ContainingTypes">Their headers, from the outermost.</param>
internal sealed record FileFrame(
    EquatableArray<string> Directives,
    string Nullable,
    EquatableArray<string> Usings,
    EquatableArray<NamespaceFrame> Namespaces,
    EquatableArray<string> ContainingTypes);

/// <summary>A namespace around the class and the usings inside it.</summary>
internal sealed record NamespaceFrame(string Name, bool FileScoped, EquatableArray<string> Usings);

/// <summary>The text of the class and where it stands.</summary>
/// <param name="Text">From the first token that is kept to the closing brace.</param>
/// <param name="Path">The user's file.</param>
/// <param name="LineStarts">Where each line of the text starts, in the text.</param>
/// <param name="FirstLine">The number of its first line in the user's file, from 1.</param>
/// <param name="Indentation">The white space before its first token.</param>
internal sealed record SourceBlock(string Text, string Path, EquatableArray<int> LineStarts, int FirstLine, string Indentation)
{
    /// <summary>The number, in the user's file, of the line that holds a position of the text.</summary>
    public int LineAt(int position)
    {
        int line = 0;
        while (line + 1 < LineStarts.Count && LineStarts[line + 1] <= position)
        {
            line++;
        }

        return FirstLine + line;
    }
}

/// <summary>The members to add at the end of the class or of a class nested in it.</summary>
/// <param name="CloseBrace">Where its closing brace stands.</param>
/// <param name="Indentation">The white space before each member.</param>
/// <param name="Quantizers">The quantizer fields.</param>
/// <param name="IsModel">Whether it is the annotated class itself, which holds the descriptors.</param>
/// <param name="Traced">The methods to print once more.</param>
internal sealed record TypeTail(int CloseBrace, string Indentation, EquatableArray<QuantizerField> Quantizers, bool IsModel, EquatableArray<TracedMethod> Traced);

/// <summary>A quantizer, or a module with one, that is a field.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">What it is made of, such as its descriptor.</param>
/// <param name="Type">How its type is written; <see langword="null"/> for a quantizer.</param>
internal sealed record QuantizerField(string Name, string Arguments, string? Type = null);

/// <summary>A method to print once more, over traced tensors.</summary>
/// <param name="Start">Where its text starts.</param>
/// <param name="Length">How long it is; without its body where it throws.</param>
/// <param name="Edits">The edits of this text.</param>
/// <param name="Failure">What it throws; <see langword="null"/> where it computes.</param>
internal sealed record TracedMethod(int Start, int Length, EquatableArray<TextEdit> Edits, string? Failure);

/// <summary>The generated nested class that holds the descriptors, and the names under which the text finds the runtime's types.</summary>
internal sealed record QuantizationClass(
    string Name,
    string QuantDescriptor,
    string TensorQuantizer,
    string NumBits,
    string CalibrationMethod,
    QuantizerProperty Property,
    EquatableArray<DescriptorSpec> Descriptors);

/// <summary>The generated property that lists the quantizers, and its class.</summary>
/// <param name="Name">Of the property.</param>
/// <param name="ClassName">Of the nested class.</param>
/// <param name="ModelField">The field of that class that holds the model.</param>
/// <param name="Model">The generated model with its type parameters.</param>
/// <param name="Base">How the runtime's list is written.</param>
/// <param name="Members">A member for each layer.</param>
/// <param name="Interface">How the interface of all generated models is written.</param>
/// <param name="Export">What implements its export; <see langword="null"/> where the model cannot be exported.</param>
/// <param name="LoadsItself">Whether the class, or one that it derives from, overrides TorchSharp's loading already.</param>
internal sealed record QuantizerProperty(
    string Name, string ClassName, string ModelField, string Model, string Base, EquatableArray<QuantizerMember> Members, string Interface, ExportMember? Export, bool LoadsItself);

/// <summary>The export as a member of the interface of all generated models.</summary>
/// <param name="Result">The type that it returns.</param>
/// <param name="Signature">Its name and parameters.</param>
/// <param name="Call">What it calls.</param>
internal sealed record ExportMember(string Result, string Signature, string Call);

/// <summary>A layer by which user code reaches its quantizers.</summary>
/// <param name="Name">The name of the member.</param>
/// <param name="Layer">The field or property of the model.</param>
/// <param name="Type">How its type is written.</param>
/// <param name="Kind">What the member gives.</param>
internal sealed record QuantizerMember(string Name, string Layer, string Type, QuantizerMemberKind Kind);

/// <summary>What a member gives.</summary>
internal enum QuantizerMemberKind
{
    /// <summary>The layer, of its declared type.</summary>
    Typed,

    /// <summary>The layer, declared as an abstract module, as what it is.</summary>
    Cast,

    /// <summary>The list of quantizers in the layer.</summary>
    List,
}

/// <summary>A descriptor: its name in the generated class, and what it says.</summary>
internal sealed record DescriptorSpec(string Name, TensorSpecification Specification, int? Axis, bool DetectUnsigned);
