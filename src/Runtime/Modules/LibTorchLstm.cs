using System.Runtime.InteropServices;
using QuantGen.Numerics.Kernels;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>LibTorch's own LSTM. TorchSharp reaches it only through a module that has its own parameters.</summary>
internal static unsafe class LibTorchLstm
{
    // The version of the C interface that the calls below are written for: 2.10.
    private const ulong InterfaceVersion = (2UL << 56) | (10UL << 48);

    private static readonly bool s_isAvailable = LibTorch.Has(
        "torch_call_dispatcher", "torch_new_list_reserve_size", "torch_list_push_back", "aoti_torch_new_tensor_handle");

    /// <summary>Whether this LibTorch's LSTM can be called.</summary>
    public static bool IsAvailable => s_isAvailable;

    /// <summary>An LSTM of several layers over sequences of one length, as <c>torch.lstm</c>; gradients flow to all tensors.</summary>
    /// <param name="input">[L, N, input], or [N, L, input] where the batch comes first.</param>
    /// <param name="state">Hidden and cell states before, [layers · directions, N, hidden] each.</param>
    /// <param name="parameters">The weights and biases of each layer and direction, in PyTorch's order.</param>
    /// <param name="options">Its form.</param>
    /// <returns>The output, and both states after the last step.</returns>
    public static (Tensor Output, Tensor H, Tensor C) Run(Tensor input, (Tensor H, Tensor C) state, IReadOnlyList<Tensor> parameters, LstmOptions options)
        => Call("input", [Handle(input), List([state.H, state.C]), List(parameters), .. Common(options), options.BatchFirst ? 1UL : 0]);

    /// <summary>An LSTM of several layers over a packed sequence.</summary>
    /// <param name="data">The steps below each other, [steps of all sequences, input].</param>
    /// <param name="batchSizes">The number of sequences in each step, on the CPU.</param>
    /// <param name="state">Hidden and cell states before, in the order of the steps.</param>
    /// <param name="parameters">The weights and biases of each layer and direction, in PyTorch's order.</param>
    /// <param name="options">Its form.</param>
    /// <returns>The output, as <paramref name="data"/>, and both states after the last step of each sequence.</returns>
    public static (Tensor Output, Tensor H, Tensor C) Run(
        Tensor data, Tensor batchSizes, (Tensor H, Tensor C) state, IReadOnlyList<Tensor> parameters, LstmOptions options)
        => Call("data", [Handle(data), Handle(batchSizes), List([state.H, state.C]), List(parameters), .. Common(options)]);

    private static ulong[] Common(LstmOptions options) =>
    [
        options.Biases
            ? 1UL
            : 0, (ulong)options.Layers, BitConverter.DoubleToUInt64Bits(options.Dropout), options.Training
            ? 1UL
            : 0, options.Bidirectional
            ? 1UL
            : 0,
    ];

    private static (Tensor Output, Tensor H, Tensor C) Call(string overload, ulong[] stack)
    {
        // The stack is given away: LibTorch frees what stands on it and puts the results there.
        fixed (ulong* values = stack)
        {
            Check(CallDispatcher("aten::lstm", overload, values, InterfaceVersion), "run its LSTM");
        }

        return (Tensor.UnsafeCreateTensor((nint)stack[0]), Tensor.UnsafeCreateTensor((nint)stack[1]), Tensor.UnsafeCreateTensor((nint)stack[2]));
    }

    private static ulong Handle(Tensor tensor)
    {
        nint handle;
        Check(NewHandle(tensor.Handle, &handle), "share a tensor");
        GC.KeepAlive(tensor);
        return (ulong)handle;
    }

    private static ulong List(IReadOnlyList<Tensor> tensors)
    {
        nint list;
        Check(NewList((nuint)tensors.Count, &list), "make a list");
        foreach (Tensor tensor in tensors)
        {
            Check(PushBack(list, Handle(tensor)), "fill a list");
        }

        return (ulong)list;
    }

    private static void Check(int error, string what)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"LibTorch could not {what}; its message is on standard error.");
        }
    }

    [DllImport(LibTorch.Library, EntryPoint = "torch_call_dispatcher")]
    private static extern int CallDispatcher(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string overload, ulong* stack, ulong version);

    [DllImport(LibTorch.Library, EntryPoint = "aoti_torch_new_tensor_handle")]
    private static extern int NewHandle(nint tensor, nint* handle);

    [DllImport(LibTorch.Library, EntryPoint = "torch_new_list_reserve_size")]
    private static extern int NewList(nuint size, nint* list);

    [DllImport(LibTorch.Library, EntryPoint = "torch_list_push_back")]
    private static extern int PushBack(nint list, ulong value);
}

/// <summary>The form of an LSTM.</summary>
internal readonly record struct LstmOptions(long Layers, bool Biases, bool BatchFirst, double Dropout, bool Training, bool Bidirectional);
