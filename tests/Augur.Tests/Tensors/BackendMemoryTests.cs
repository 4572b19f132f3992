using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Reference;

namespace Augur.Tests.Tensors;

/// <summary>What a backend says of itself and of its memory, and what happens where there is none left.</summary>
public sealed class BackendMemoryTests
{
    public static TheoryData<string> Backends => BackendTable.NamesAndReference;

    [Theory]
    [MemberData(nameof(Backends))]
    public void Use_peak_and_reserve_follow_what_is_lent(string name)
    {
        using var backend = BackendTable.Open(name);
        Assert.Equal((0, 0, 0), (backend.BytesInUse, backend.PeakBytesInUse, backend.BytesReserved));
        var first = backend.BytesAvailable;
        Assert.True(first > 0);
        Assert.Equal(first, backend.Capabilities.TotalMemory);
        using (Tensor.Zeros(backend, [1024, 1024]))
        {
            Assert.InRange(backend.BytesInUse, 4 << 20, 5 << 20);
            Assert.Equal(first - backend.BytesInUse, backend.BytesAvailable);
        }

        Assert.Equal(0, backend.BytesInUse);
        Assert.InRange(backend.PeakBytesInUse, 4 << 20, 5 << 20);
        Assert.InRange(backend.BytesReserved, 4 << 20, 5 << 20);
        backend.ResetPeak();
        backend.Trim();
        backend.Synchronize();
        Assert.Equal((0, 0, 0), (backend.BytesInUse, backend.PeakBytesInUse, backend.BytesReserved));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void An_allocation_that_fails_is_an_error_with_its_numbers_and_does_not_stay_counted(string name)
    {
        const long NobodyHasSoMuch = 1L << 52;
        using var backend = BackendTable.Open(name);
        using var kept = Tensor.Full(backend, [64], 2);
        backend.ResetPeak();
        var (inUse, peak, reserved) = (backend.BytesInUse, backend.PeakBytesInUse, backend.BytesReserved);
        var error = Assert.Throws<BackendOutOfMemoryException>(() => backend.Rent(NobodyHasSoMuch));
        Assert.Equal((NobodyHasSoMuch, inUse, reserved), (error.BytesAsked, error.BytesInUse, error.BytesReserved));
        Assert.Equal($"{backend.Name} has no memory for {NobodyHasSoMuch} bytes more: {inUse} are in use, {reserved} reserved.", error.Message);
        Assert.Equal((inUse, peak), (backend.BytesInUse, backend.PeakBytesInUse));
        Assert.Equal(2, kept.ToArray()[63]);
        Assert.Throws<ArgumentOutOfRangeException>(() => backend.Rent(-1));
    }

    [Fact]
    public void A_budget_is_kept_and_what_was_lent_stays_good()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1, MemoryBudget = 1 << 20 });
        Assert.Equal(1 << 20, backend.BytesAvailable);
        using var half = Tensor.Full(backend, [128, 1024], 3);
        var error = Assert.Throws<BackendOutOfMemoryException>(() => Tensor.Zeros(backend, [1024, 1024]));
        Assert.Equal(4 << 20, error.BytesAsked);
        Assert.EndsWith("reserved, and its budget is 1048576.", error.Message, StringComparison.Ordinal);
        Assert.Equal(1 << 19, backend.BytesAvailable);
        Assert.Equal(3, half.ToArray()[^1]);
        half.Dispose();

        // The pool keeps half a megabyte of the wrong size; it makes room.
        using var whole = Tensor.Zeros(backend, [256, 1024]);
        Assert.Equal(1 << 20, backend.BytesReserved);
    }

    [Fact]
    public void A_budget_below_one_byte_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpuBackend(new CpuOptions { Threads = 1, MemoryBudget = 0 }));

    [Theory]
    [MemberData(nameof(Backends))]
    public void Every_backend_of_the_table_keeps_an_entrys_bits_and_says_so(string name)
    {
        using var backend = BackendTable.Open(name);
        Assert.True(backend.Capabilities.IsBatchInvariant);
        Assert.True(backend.Capabilities.ProductPrecision.IsActivation());
        Assert.True(backend.Capabilities.ActivationType.IsActivation());
    }

    [Fact]
    public void A_lost_device_says_which_and_why()
    {
        var cause = new TimeoutException();
        var lost = new BackendLostException("vulkan (some card)", "the driver reset it", cause);
        Assert.Equal("vulkan (some card) was lost: the driver reset it.", lost.Message);
        Assert.Same(cause, lost.InnerException);
    }

    [Fact]
    public void A_tensor_of_another_backend_is_refused_before_it_is_read()
    {
        using var plain = new ReferenceBackend();
        using var fast = new CpuBackend(new CpuOptions { Threads = 1 });
        using var scope = TensorScope.Begin();
        var (here, there) = (Tensor.Full(plain, [2, 3], 1), Tensor.Full(fast, [2, 3], 1));
        Assert.Equal(2, (here + there).ToArray()[0]); // both are the host's memory, which either may read
    }
}
