using Microsoft.CodeAnalysis.CSharp;
using QuantGen.Generators.Pipeline.Outlines;
using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Incremental;

/// <summary>Which edit of another file can change what the text of a class means.</summary>
public sealed class OutlineTests
{
    private const string Model = """
        using Library;
        class Model
        {
            Color M(Holder holder)
            {
                holder.Item.Go(Limits.Most);
                holder.Extended();
                return Color.Green;
            }
        }
        """;

    private const string Library = """
        using System;
        namespace Library;
        public class Holder { public Wheel Item = new Wheel(); public string Unmentioned = "a"; }
        public class Wheel : Round { public void Turn() { } }
        public class Round : Shape { public virtual int Go(long n) => 1; }
        public class Shape { }
        public static class Extensions { public static void Extended(this Holder holder, int count = 1) { } }
        public enum Color { Red, Green }
        public static class Limits { public const int Most = Least + 1; private const int Least = 3; }
        """;

    [Theory]
    [InlineData("public Wheel Item", "public Round Item")] // A mentioned member.
    [InlineData("class Wheel : Round", "class Wheel : Shape")] // The type of a mentioned member.
    [InlineData("class Round : Shape", "class Round")] // The base of its base.
    [InlineData("public void Turn()", "public void Go(int n)")] // A new overload of a mentioned method.
    [InlineData("int Go(long n)", "long Go(long n)")]
    [InlineData("count = 1", "count = 2")]
    [InlineData("this Holder holder", "Holder holder")]
    [InlineData("{ Red, Green }", "{ Red, Blue, Green }")] // The value of a mentioned constant.
    [InlineData("Least = 3", "Least = 4")] // A constant by which a mentioned one is computed.
    [InlineData("public class Shape { }", "public class Shape { public static implicit operator Wheel(Shape shape) => null!; }")] // What has no name.
    [InlineData("public class Shape { }", "public class Shape { public int this[int i] => i; }")]
    [InlineData("public class Shape { }", "public class Shape { public object GetEnumerator() => null!; }")] // What is found by a pattern.
    [InlineData("public class Shape { }", "public class Shape { } public static class Wheels { public static object GetEnumerator(this Wheel wheel) => null!; }")]
    [InlineData("public class Shape { }", "public class Shape { } public static class Wheels { extension(Wheel wheel) { public int Length => 4; } }")]
    [InlineData("public class Shape { }", "public class Shape { } class QuantModel;")] // What the generator looks for.
    [InlineData("public class Shape { }", "public class Shape { } [Obsolete] class Another;")] // Classes with attributes.
    [InlineData("public class Shape { }", "public class Shape { } record Another(int Green);")]
    [InlineData("public static class Limits", "static class Limits")] // What stands around a mentioned member.
    [InlineData("using System;", "global using System;")]
    [InlineData("using System;", "[assembly: System.CLSCompliant(true)]")]
    [InlineData("using System;", "using Shape = System.Int32;")]
    [InlineData("using System;", "#nullable disable")]
    [InlineData("namespace Library;", "namespace Library.Color;")]
    public void One_of_a_declaration_that_its_names_lead_to(string piece, string with) => Assert.NotEqual(Hash(Library), Hash(Edited(piece, with)));

    [Theory]
    [InlineData("Unmentioned = \"a\"", "Unmentioned = \"b\"")]
    [InlineData("string Unmentioned = \"a\"", "int Other = 1")]
    [InlineData("public void Turn() { }", "public void Turn() { var x = 1; }")]
    [InlineData("public void Turn() { }", "public int Turn(string much) => 2;")]
    [InlineData("Go(long n) => 1", "Go(long n) => 2")]
    [InlineData("public class Shape { }", "/* round */ public class Shape  { } // or not")]
    [InlineData("public class Shape { }", "public class Shape { void Grow() { } } struct Another { int Size; }")]
    [InlineData("public class Shape { }", "public class Shape { } class Another { int this[int i] => i; object GetEnumerator() => null!; }")]
    [InlineData("using System;", "#pragma warning disable CS1591\nusing System;")]
    public void Not_one_of_a_body_or_of_a_declaration_that_they_do_not_lead_to(string piece, string with) => Assert.Equal(Hash(Library), Hash(Edited(piece, with)));

    [Fact]
    public void Not_a_new_file_of_its_namespace()
        => Assert.Equal(Hash(Library), Hash(Library, "namespace Library; class Another { int Size; }"));

    [Fact]
    public void Any_where_a_name_is_computed()
    {
        const string Computed = "[Named(Name = nameof(System))] class Another; class NamedAttribute : System.Attribute { public string Name; }";
        Assert.NotEqual(Hash(Library, Computed), Hash(Edited("string Unmentioned", "object Unmentioned"), Computed));
    }

    [Fact]
    public void Of_bodies_the_whole_does_not_depend()
    {
        Assert.Equal(Outline(Library).Hash, Outline(Edited("Go(long n) => 1", "Go(long n) => 2")).Hash);
        Assert.NotEqual(Outline(Library).Hash, Outline(Edited("string Unmentioned", "object Unmentioned")).Hash);
        Assert.NotEqual(Outline("class A { int P = 1; }").Hash, Outline("class A { int P => 1; }").Hash);
    }

    private static string Edited(string piece, string with)
    {
        Assert.Contains(piece, Library, StringComparison.Ordinal);
        return Library.Replace(piece, with, StringComparison.Ordinal);
    }

    private static ulong Hash(params string[] library)
    {
        CSharpCompilation compilation = Compiler.Compile([Model, .. library]);
        return ProjectOutline.Of(compilation).HashFor(compilation.SyntaxTrees[0]);
    }

    private static ProjectOutline Outline(string text) => ProjectOutline.Of(Compiler.Compile(text));
}
