using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace QuantGen.Numerics.Kernels;

/// <summary>The few functions of LibTorch's stable C interface that let a kernel work on a tensor's own memory and threads.</summary>
internal static unsafe class LibTorch
{
    /// <summary>The library's name.</summary>
    public const string Library = "torch_cpu";

    private static readonly bool s_isAvailable = Has("torch_parallel_for", "torch_get_const_data_ptr", "torch_get_mutable_data_ptr");

    /// <summary>Whether this LibTorch has the functions. Without them every function takes the way of composed torch operations.</summary>
    public static bool IsAvailable => s_isAvailable;

    /// <summary>The first element of a tensor's data, to write to. A tensor that shares its memory until it is written to gets memory of its own.</summary>
    public static float* Data(Tensor tensor)
    {
        void* data;
        return GetMutableDataPointer(tensor.Handle, &data) == 0 ? (float*)data : throw NoData();
    }

    /// <summary>The first element of a tensor's data, to read from only.</summary>
    public static float* ConstData(Tensor tensor)
    {
        void* data;
        return GetConstDataPointer(tensor.Handle, &data) == 0 ? (float*)data : throw NoData();
    }

    /// <summary>Runs <paramref name="body"/> over parts of a range on LibTorch's thread pool, so that its threads and ours do not compete.</summary>
    public static void ParallelFor(long count, long grain, delegate* unmanaged[Cdecl]<long, long, void*, void> body, void* context)
    {
        if (ParallelForCore(0, count, grain, body, context) != 0)
        {
            throw new InvalidOperationException("LibTorch could not run a parallel loop; its message is on standard error.");
        }
    }

    private static InvalidOperationException NoData() => new("LibTorch gives no data pointer for this tensor.");

    /// <summary>Whether LibTorch exports functions.</summary>
    public static bool Has(params string[] functions)
    {
        // Loads LibTorch first, with TorchSharp's own search, in case nothing has used it so far.
        TryInitializeDeviceType(TorchSharp.DeviceType.CPU);
        return NativeLibrary.TryLoad(Library, typeof(LibTorch).Assembly, null, out nint library)
            && functions.All(function => NativeLibrary.TryGetExport(library, function, out _));
    }

    [DllImport(Library, EntryPoint = "torch_parallel_for")]
    private static extern int ParallelForCore(long begin, long end, long grain, delegate* unmanaged[Cdecl]<long, long, void*, void> body, void* context);

    // May copy a tensor that shares its memory, which is too long to keep the garbage collector waiting.
    [DllImport(Library, EntryPoint = "torch_get_mutable_data_ptr")]
    private static extern int GetMutableDataPointer(nint tensor, void** pointer);

    // Takes 10 ns, where Tensor.data<T>() takes 1.4 us and allocates.
    [DllImport(Library, EntryPoint = "torch_get_const_data_ptr"), SuppressGCTransition]
    private static extern int GetConstDataPointer(nint tensor, void** pointer);
}
