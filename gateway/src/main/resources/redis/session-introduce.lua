-- introduce: field, value, ... of the opening.
if lives() then
  replace(OPENING, 1)
end
return 1
