-- written: 1 how far the client's link has been written to.
if lives() then
  note_written(ARGV[1])
end
return 1
