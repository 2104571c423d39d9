using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Fuzzing;

/// <summary>Models that are spread over files: a base class, a block with a sibling, helpers, and a class that uses them all.</summary>
internal static class Family
{
    public const string Base = Compiler.Usings + """
        namespace Family;

        public abstract class Backbone<T> : Module<Tensor, Tensor> where T : Module<Tensor, Tensor>
        {
            protected readonly Linear head;
            protected abstract T Stem { get; }

            protected Backbone(string name, Size size) : base(name) => head = Linear(Sizes.Of(size), 2);

            protected virtual Tensor Features(Tensor x) => Stem.call(x).relu();
        }

        public enum Size { Small, Large }
        """;

    public const string Helpers = """
        using TorchSharp;
        using TorchSharp.Modules;
        using Image = TorchSharp.torch.Tensor;

        namespace Family;

        public static class Sizes
        {
            public const int Width = 4;

            public static int Of(Size size) => size switch { Size.Small => Width, _ => 2 * Width };

            public static Image Twice(this torch.nn.Module<Image, Image> layer, Image x) => layer.call(layer.call(x));

            public static Linear Square(Size size = Size.Large) => torch.nn.Linear(Of(size), Of(size));

            public static torch.nn.Module<Image, Image> Any(int n) => torch.nn.Sequential(("a", torch.nn.Linear(n, n)), ("b", torch.nn.ReLU()));
        }
        """;

    public const string Block = Compiler.Usings + """
        namespace Family
        {
            [Quantize(Target = QuantTarget.OnnxRuntime)]
            [Quantize(Name = "QuantBlockInt4", Weight = "4bit per-channel", Input = "8bit entropy")]
            public partial class Block : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> a, b;
                private readonly Linear? skip;

                public Block(Size size, bool wide = false) : base(nameof(Block))
                {
                    a = Linear(Sizes.Of(size), Sizes.Of(size));
                    b = Sizes.Any(Sizes.Of(size));
                    skip = wide ? Sizes.Square(size) : null;
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    Tensor identity = skip is null ? x : skip.call(x);
                    return b.call(a.call(x)).add_(identity).relu_();
                }
            }
        }
        """;

    public const string Net = Compiler.Usings + """
        namespace Family;

        [Quantize]
        [Quantize(Name = "QuantNetInt4", Weight = "4bit")]
        public class Net : Backbone<Block>
        {
            private readonly Block stem = new(Size.Large);
            private readonly List<Module<Tensor, Tensor>> layers = new();
            [FullPrecision] private readonly Linear last = Sizes.Square();
            private readonly Linear gate = Linear(Sizes.Width * 2, 2 * Sizes.Width);

            public Net(int depth = 2) : base("net", Size.Large)
            {
                for (int i = 0; i < depth; i++)
                {
                    layers.Add(i == 0 ? new Block(Size.Large, wide: true) : Linear(8, 8));
                    register_module($"layer{i}", layers[i]);
                }

                RegisterComponents();
            }

            protected override Block Stem => stem;

            public override Tensor forward(Tensor x)
            {
                var y = Features(x);
                foreach (var layer in layers)
                {
                    y = layer.call(y) + y;
                }

                y = y + gate.Twice(y) * 2;
                return head.call(last.call(y));
            }
        }
        """;

    public static readonly string[] Files = [Base, Helpers, Block, Net];
}
