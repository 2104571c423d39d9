using QuantGen;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelZoo;

/// <summary>Attention by matrix products.</summary>
[Quantize]
public sealed class SelfAttention : Module<Tensor, Tensor>
{
    private readonly Linear query, key, value, proj;
    private readonly Dropout dropout;
    private readonly int heads;

    public SelfAttention(long width, int heads, double dropout = 0.1) : base(nameof(SelfAttention))
    {
        this.heads = heads;
        (query, key, value) = (Linear(width, width), Linear(width, width, hasBias: false), Linear(width, width));
        proj = Linear(width, width);
        this.dropout = Dropout(dropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var (b, t, c) = (x.shape[0], x.shape[1], x.shape[2]);
        Tensor Split(Tensor y) => y.view(b, t, heads, c / heads).transpose(1, 2);
        using var scope = NewDisposeScope();
        var (q, k, v) = (Split(query.call(x)), Split(key.call(x)), Split(value.call(x)));
        var att = q.matmul(k.transpose(-2, -1)) * (1.0 / Math.Sqrt(k.shape[^1]));
        att = dropout.call(functional.softmax(att, dim: -1));
        var y = matmul(att, v).transpose(1, 2).contiguous().view(b, t, c);
        return proj.call(y).MoveToOuterDisposeScope();
    }
}

/// <summary>Residual connections around attention and around a feed-forward part; TorchSharp's own attention in between.</summary>
[Quantize]
public sealed class Transformer : Module<Tensor, Tensor>
{
    private readonly ModuleList<Block> blocks;
    private readonly Module<Tensor, Tensor> head;
    private readonly Parameter position;

    public Transformer(int width, int depth, int length, int classes) : base(nameof(Transformer))
    {
        blocks = ModuleList(Enumerable.Range(0, depth).Select(i => new Block(width, 2)).ToArray());
        position = Parameter(randn(1, length, width) * 0.02);
        head = Linear(width, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = x + position;
        for (int i = 0; i < blocks.Count; i++)
        {
            x = blocks[i].call(x);
        }

        return head.call(x.mean([1])).MoveToOuterDisposeScope();
    }

    public sealed class Block : Module<Tensor, Tensor>
    {
        private readonly SelfAttention attention;
        [FullPrecision] private readonly MultiheadAttention second;
        private readonly LayerNorm ln1, ln2;
        private readonly Sequential mlp;

        public Block(long width, int heads) : base(nameof(Block))
        {
            attention = new SelfAttention(width, heads);
            second = MultiheadAttention(width, heads);
            (ln1, ln2) = (LayerNorm(width), LayerNorm(width));
            mlp = Sequential(("up", Linear(width, 4 * width)), ("act", GELU()), ("down", Linear(4 * width, width)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            x = x + attention.call(ln1.call(x));
            var time = x.transpose(0, 1);
            var (mixed, _) = second.call(time, time, time, null, false, null);
            x = torch.add(mixed.transpose(0, 1), x);
            return x + mlp.call(ln2.call(x));
        }
    }
}
